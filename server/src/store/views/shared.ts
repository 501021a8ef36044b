/**
 * Work that is done once for all who ask: one at a time, and who asks while it is under way shares the next one, so that nobody is given
 * what had changed before they asked.
 */
export function shared<Question, T>(work: (of: Question) => Promise<T>): (of: Question) => Promise<T> {
  let current: Promise<unknown> = Promise.resolve();
  let next: { readonly of: Question; readonly answer: Promise<T> } | null = null;
  return (of) => {
    if (next?.of === of) return next.answer;
    const begin = (): Promise<T> => {
      if (next?.answer === answer) next = null;
      return work(of);
    };
    const answer: Promise<T> = current.then(begin, begin);
    next = { of, answer };
    current = answer;
    return answer;
  };
}
