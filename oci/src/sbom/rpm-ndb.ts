/** The native database of rpm (`Packages.db`, SUSE): pages of slots, each of which says where the blob of a package is. All little-endian. */

const magic = { database: 0x506d7052, slot: 0x746f6c53, blob: 0x53626c42 } as const;
const pageBytes = 4096;
/** Of a slot, of the head of a blob, and what offsets count in. */
const blockBytes = 16;
const headerBytes = 32;

export function isNdb(file: Buffer): boolean {
  return file.length >= pageBytes && file.readUInt32LE(0) === magic.database;
}

/** The values of the database, one for each package. Throws when it is damaged. */
export function* ndbValues(file: Buffer): Generator<Buffer, void> {
  const end = file.readUInt32LE(12) * pageBytes;
  if (end > file.length) throw new Error('its slots are outside the file');
  let leftBytes = file.length;
  for (let slot = headerBytes; slot < end; slot += blockBytes) {
    if (file.readUInt32LE(slot) !== magic.slot) throw new Error('a slot of it is damaged');
    const index = file.readUInt32LE(slot + 4);
    if (index === 0) continue;
    const value = blobAt(file, file.readUInt32LE(slot + 8) * blockBytes, index);
    // No two packages share their bytes: what claims more than the file has was made to.
    leftBytes -= value.length;
    if (leftBytes < 0) throw new Error('its packages overlap');
    yield value;
  }
}

function blobAt(file: Buffer, at: number, index: number): Buffer {
  const isThere = at + blockBytes <= file.length && file.readUInt32LE(at) === magic.blob && file.readUInt32LE(at + 4) === index;
  const sizeBytes = isThere ? file.readUInt32LE(at + 12) : 0;
  if (!isThere || at + blockBytes + sizeBytes > file.length) throw new Error(`package ${index} of it is damaged`);
  return file.subarray(at + blockBytes, at + blockBytes + sizeBytes);
}
