/**
 * What takes long to read is read again only when its mark has changed; whoever asks meanwhile shares the reading.
 *
 * The mark is asked for before each answer, and it is older than what is read under it: nobody is given what had changed before they asked.
 */
export function kept<Question, T>(
  mark: (of: Question) => Promise<string>,
  read: (of: Question) => Promise<T>,
): (of: Question) => Promise<T> {
  let last: { readonly mark: string; readonly value: Promise<T> } | null = null;
  return async (question) => {
    const now = await mark(question);
    if (last?.mark === now) return last.value;
    const value = read(question);
    last = { mark: now, value };
    value.catch(() => {
      if (last?.value === value) last = null;
    });
    return value;
  };
}
