/** Reads a zip file from memory by its central directory (APPNOTE 6.3), nothing written to disk; zip64 is not read. */
const zlib = process.getBuiltinModule('node:zlib');

export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
  /** The content; throws when it is damaged, compressed in an unusual way, or longer than `most` bytes. */
  content(most: number): Buffer;
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const longestComment = 65_535;

/** Throws when the bytes are no zip file. */
export function readZip(bytes: Buffer): readonly ZipEntry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw new Error('it is a zip64 file');
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== directoryEntry) throw new Error('its directory is damaged');
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push(entryAt(bytes, at, bytes.toString('utf8', at + 46, at + 46 + nameLength)));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - longestComment); at--) {
    if (bytes.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new Error('it is no zip file');
}

function entryAt(bytes: Buffer, at: number, name: string): ZipEntry {
  const [method, packed, sizeBytes] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
  const local = bytes.readUInt32LE(at + 42);
  return {
    name,
    sizeBytes,
    content: (most) => {
      if (sizeBytes > most || local + 30 > bytes.length) throw new Error(`${name} is too long or outside the file`);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const stored = bytes.subarray(start, start + packed);
      if (method === 0) return stored;
      if (method === 8) return zlib.inflateRawSync(stored, { maxOutputLength: Math.max(most, 1) });
      throw new Error(`${name} is compressed in an unusual way`);
    },
  };
}
