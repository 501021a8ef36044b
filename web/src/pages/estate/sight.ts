/** Which rows of a long table of equal rows are drawn: those in sight, and some before and after. */

export type Sight = {
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
  /** What a row's number and this make together is the key of the element that shows it. */
  readonly shift: number;
};
type Place = { readonly top: number; readonly height: number; readonly rowHeight: number; readonly count: number };

export const nothingYet: Sight = { first: 0, end: 0, shift: 0 };
/** Rows drawn out of sight at each end, for what the browser scrolls by itself before it tells. */
const spare = 3;

/**
 * What is drawn after a scroll. Rows that stay keep their elements. Where fewer than half of them stay, the elements stay where they are and
 * show other rows instead: that costs a third of making them anew.
 */
export function sightAt({ top, height, rowHeight, count }: Place, before: Sight): Sight {
  const most = Math.ceil(height / rowHeight) + 1 + 2 * spare;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - spare, count - most));
  const end = Math.min(count, first + most);
  if (first === before.first && end === before.end) return before;
  const stay = Math.min(end, before.end) - Math.max(first, before.first);
  return { first, end, shift: 2 * stay >= end - first ? before.shift : before.shift + before.first - first };
}
