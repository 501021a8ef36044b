/** Reading JSON that somebody else wrote: what is not as expected counts as absent. */

export function listIn(value: unknown, ...path: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  const found: unknown = at(value, path);
  const many: readonly unknown[] = Array.isArray(found) ? found : [];
  return many.filter((one) => typeof one === 'object' && one !== null) as readonly Readonly<Record<string, unknown>>[];
}

export function textIn(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : null;
}

export function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const step of path) found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[step] : undefined;
  return found;
}
