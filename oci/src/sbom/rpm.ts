/** The database of rpm: a store of package headers, in whichever of three formats this version of rpm keeps it. */
import type { Package } from './package.ts';
import { berkeleyValues, isBerkeley } from './rpm-berkeley.ts';
import { isNdb, ndbValues } from './rpm-ndb.ts';

const sqlite = process.getBuiltinModule('node:sqlite');

const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003, license: 1014, arch: 1022 } as const;
const types = { int32: 4, string: 6, stringArray: 8, i18nString: 9 } as const;

/** Throws when the bytes are no such database: SQLite (RHEL 9, Fedora 33), Berkeley DB (RHEL 8 and before) or ndb (SUSE). */
export function readRpmDatabase(bytes: Uint8Array): readonly Package[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return headersIn(file).flatMap(packageIn);
}

function headersIn(file: Buffer): readonly Buffer[] {
  if (isNdb(file)) return [...ndbValues(file)];
  if (isBerkeley(file)) return [...berkeleyValues(file)];
  return sqliteValues(file);
}

function sqliteValues(file: Buffer): readonly Buffer[] {
  if (file.toString('latin1', 0, 15) !== 'SQLite format 3') throw new Error('it is no database of rpm');
  const database = new sqlite.DatabaseSync(':memory:');
  try {
    database.deserialize(withoutLog(file));
    const rows = database.prepare('select blob from Packages order by hnum').all();
    return rows.flatMap(({ blob }) => (blob instanceof Uint8Array ? [Buffer.from(blob)] : []));
  } finally {
    database.close();
  }
}

/** A database left in write-ahead mode cannot be opened in memory: bytes 18 and 19 say that it has no log (SQLite file format 1.3). */
function withoutLog(bytes: Uint8Array): Uint8Array {
  const own = Uint8Array.from(bytes);
  own.set([1, 1], 18);
  return own;
}

function packageIn(header: Buffer): readonly Package[] {
  const values = readHeader(header);
  const text = (tag: number): string => String(values.get(tag) ?? '');
  const [name, version, release, epoch] = [text(tags.name), text(tags.version), text(tags.release), values.get(tags.epoch)];
  // Keys that were imported are kept as packages too.
  if (name === '' || name === 'gpg-pubkey') return [];
  const qualifiers = { arch: text(tags.arch), epoch: epoch === undefined || epoch === 0 ? '' : String(epoch) };
  const license = text(tags.license);
  return [{ type: 'rpm', namespace: null, name, version: `${version}-${release}`, qualifiers, license: license === '' ? null : license }];
}

/** Header of rpm 4: counts of index entries and of data bytes, the index, the data; all big-endian. */
function readHeader(header: Buffer): ReadonlyMap<number, string | number> {
  const values = new Map<number, string | number>();
  if (header.length < 8) return values;
  const count = header.readUInt32BE(0);
  const data = 8 + count * 16;
  if (data > header.length) return values;
  for (let index = 0; index < count; index++) {
    const entry = 8 + index * 16;
    const [tag, type, offset] = [header.readUInt32BE(entry), header.readUInt32BE(entry + 4), data + header.readInt32BE(entry + 8)];
    if (offset < data || offset >= header.length) continue;
    if (type === types.int32 && offset + 4 <= header.length) values.set(tag, header.readUInt32BE(offset));
    if (type === types.string || type === types.stringArray || type === types.i18nString) {
      const end = header.indexOf(0, offset);
      values.set(tag, header.toString('utf8', offset, end === -1 ? header.length : end));
    }
  }
  return values;
}
