/**
 * A hash table of Berkeley DB (`Packages` of rpm before 4.16, so RHEL 8 and before), read page by page: keys and values in turn, long values on
 * pages of their own. Only as little-endian machines write it. Layout: db-5.3.28, dbinc/db_page.h.
 */

const hashMagic = 0x061561;
const pageHeaderBytes = 26;
const pageTypes = { unsorted: 2, overflow: 7, sorted: 13 } as const;
const itemTypes = { inPlace: 1, offPage: 3 } as const;

export function isBerkeley(file: Buffer): boolean {
  return file.length >= 512 && file.readUInt32LE(12) === hashMagic;
}

/** The values of the table. Throws when it is damaged. */
export function* berkeleyValues(file: Buffer): Generator<Buffer, void> {
  const pageBytes = file.readUInt32LE(20);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) throw new Error('its pages are of no known size');
  if ((file.readUInt32LE(32) + 1) * pageBytes > file.length) throw new Error('it is cut short');
  let leftBytes = file.length;
  for (let at = pageBytes; at + pageBytes <= file.length; at += pageBytes) {
    const page = file.subarray(at, at + pageBytes);
    if (page[25] !== pageTypes.sorted && page[25] !== pageTypes.unsorted) continue;
    for (const value of valuesOn(page, file)) {
      // No two values share their bytes: what claims more than the file has was made to.
      leftBytes -= value.length;
      if (leftBytes < 0) throw new Error('its values overlap');
      yield value;
    }
  }
}

/** Items lie from the end of the page towards its head; after each key comes its value. */
function* valuesOn(page: Buffer, file: Buffer): Generator<Buffer, void> {
  const count = page.readUInt16LE(20);
  const offsetOf = (item: number) => page.readUInt16LE(pageHeaderBytes + item * 2);
  if (pageHeaderBytes + count * 2 > page.length) throw new Error('a page of it is damaged');
  for (let item = 1; item < count; item += 2) {
    const [start, end] = [offsetOf(item), offsetOf(item - 1)];
    if (start >= end || end > page.length) throw new Error('a page of it is damaged');
    const type = page[start];
    if (type === itemTypes.inPlace) yield page.subarray(start + 1, end);
    else if (type === itemTypes.offPage && end - start >= 12)
      yield offPage(file, page.length, page.readUInt32LE(start + 4), page.readUInt32LE(start + 8));
  }
}

/** A value that is longer than a page: on a chain of pages, each with a part of it. */
function offPage(file: Buffer, pageBytes: number, first: number, sizeBytes: number): Buffer {
  if (sizeBytes > file.length) throw new Error('a value of it is longer than the file');
  const parts: Buffer[] = [];
  let left = sizeBytes;
  for (let number = first; left > 0; ) {
    const at = number * pageBytes;
    const page = file.subarray(at, at + pageBytes);
    const isPart = page.length === pageBytes && page[25] === pageTypes.overflow;
    const partBytes = isPart ? page.readUInt16LE(22) : 0;
    if (partBytes === 0 || partBytes > left || pageHeaderBytes + partBytes > pageBytes) throw new Error('a value of it is damaged');
    parts.push(page.subarray(pageHeaderBytes, pageHeaderBytes + partBytes));
    left -= partBytes;
    number = page.readUInt32LE(16);
  }
  return Buffer.concat(parts);
}
