/** A commit: the source a release was built from. */
export type Commit = {
  readonly id: string;
  readonly branch: string | null;
  readonly subject: string;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
};

/** A commit as a release carries it: what came in since the release before. */
export type CommitMessage = {
  readonly id: string;
  readonly subject: string;
  /** What follows the subject; null when nothing does. */
  readonly body: string | null;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
};
