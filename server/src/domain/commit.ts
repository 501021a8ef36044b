/** A commit: the source a release was built from. */
export type Commit = {
  readonly id: string;
  readonly branch: string | null;
  readonly subject: string;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
};
