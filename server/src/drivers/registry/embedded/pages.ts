/** Pages of a listing by `n` and `last` (OCI distribution 1.1, "Listing Tags"); pure. */
export type PageRequest = { readonly n: number | null; readonly last: string | null };
export type Page<Item> = {
  readonly items: readonly Item[] /** The key that the next page comes after; null on the last page. */;
  readonly next: string | null;
};

/** Case-insensitive alphanumeric order as the specification asks, made total by the exact text. */
export function inOrder(a: string, b: string): number {
  return compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The page of `items` that follows the key `last`; `n` of zero gives an empty page that has no next one. */
export function pageOf<Item>(items: readonly Item[], key: (item: Item) => string, { n, last }: PageRequest): Page<Item> {
  const rest = items.toSorted((a, b) => inOrder(key(a), key(b))).filter((item) => last === null || inOrder(key(item), last) > 0);
  const page = n === null ? rest : rest.slice(0, n);
  const end = page.at(-1);
  return { items: page, next: end === undefined || page.length === rest.length ? null : key(end) };
}
