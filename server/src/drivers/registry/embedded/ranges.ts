/** Byte ranges as HTTP (RFC 9110, section 14) and chunked uploads (OCI distribution 1.1, "Pushing a blob in chunks") write them; pure. */

/** Both ends are counted in, as on the wire. */
export type ByteRange = { readonly first: number; readonly last: number };
export type RequestedRange = ({ readonly kind: 'part' } & ByteRange) | { readonly kind: 'whole' } | { readonly kind: 'unsatisfiable' };

const whole = { kind: 'whole' } as const;
const unsatisfiable = { kind: 'unsatisfiable' } as const;

/** What a `Range` header asks of `size` bytes; a header that is malformed, of another unit or of several ranges asks for the whole. */
export function requestedRange(header: string | undefined, size: number): RequestedRange {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return whole;
  return first === '' ? suffix(Number(last), size) : span(Number(first), last === '' ? Number.MAX_SAFE_INTEGER : Number(last), size);
}

function suffix(length: number, size: number): RequestedRange {
  if (length === 0 || size === 0) return unsatisfiable;
  return { kind: 'part', first: Math.max(0, size - length), last: size - 1 };
}

function span(first: number, last: number, size: number): RequestedRange {
  if (last < first) return whole;
  if (first >= size) return unsatisfiable;
  return { kind: 'part', first, last: Math.min(last, size - 1) };
}

/** The `Content-Range` of a chunk, `first-last` with or without a unit before it; null when it is malformed. */
export function chunkRange(header: string): ByteRange | null {
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/i.exec(header.trim());
  if (match === null) return null;
  const range = { first: Number(match[1]), last: Number(match[2]) };
  return range.last < range.first ? null : range;
}

/** The `Range` header that says how much of an upload is there. */
export function receivedRange(size: number): string {
  return `0-${Math.max(0, size - 1)}`;
}
