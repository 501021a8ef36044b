/** Databases of package managers, as they write them. */

import { DatabaseSync } from 'node:sqlite';
import { deflateRawSync } from 'node:zlib';

export function dpkgStatus(...packages: readonly (readonly [name: string, version: string, status?: string])[]): string {
  return packages
    .map(
      ([name, version, status = 'install ok installed']) =>
        `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: ${version}\nDescription: some text\n more: of it\n .\n and more\n`,
    )
    .join('\n');
}

type RpmPackage = {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  readonly license?: string;
};

/** `rpmdb.sqlite` in write-ahead mode, as rpm leaves it. */
export function rpmDatabase(...packages: readonly RpmPackage[]): Uint8Array {
  const database = new DatabaseSync(':memory:');
  database.exec('create table Packages (hnum integer primary key autoincrement, blob blob not null)');
  for (const one of packages) database.prepare('insert into Packages (blob) values (?)').run(rpmHeader(one));
  const bytes = Uint8Array.from(database.serialize());
  database.close();
  bytes.set([2, 2], 18);
  return bytes;
}

/** The headers of packages in `rpmdb.sqlite`. */
export function headersIn(database: Uint8Array): readonly Uint8Array[] {
  const opened = new DatabaseSync(':memory:');
  const bytes = Uint8Array.from(database);
  bytes.set([1, 1], 18);
  opened.deserialize(bytes);
  const headers = opened.prepare('select blob from Packages order by hnum').all() as unknown as readonly { readonly blob: Uint8Array }[];
  opened.close();
  return headers.map(({ blob }) => blob);
}

/** `Packages.db` as lib/backend/ndb/rpmpkg.c of rpm 4.18 writes it: one page of slots, the second free, then the blobs. */
export function ndbDatabase(headers: readonly Uint8Array[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 'latin1');
  for (const [at, value] of [0, 7, 1, headers.length + 2].entries()) slots.writeUInt32LE(value, 4 + at * 4);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  const blobs: Buffer[] = [];
  let block = slots.length / 16;
  for (const [at, header] of headers.entries()) {
    const index = at + 1;
    const head = Buffer.alloc(16);
    head.write('BlbS', 'latin1');
    for (const [place, value] of [index, 7, header.length].entries()) head.writeUInt32LE(value, 4 + place * 4);
    const tail = Buffer.alloc(12);
    tail.writeUInt32LE(header.length, 4);
    tail.write('BlbE', 8, 'latin1');
    const blob = Buffer.concat([head, header, Buffer.alloc((16 - ((header.length + tail.length) % 16)) % 16), tail]);
    const slot = 32 + (at === 0 ? 0 : at + 1) * 16;
    for (const [place, value] of [index, block, blob.length / 16].entries()) slots.writeUInt32LE(value, slot + 4 + place * 4);
    blobs.push(blob);
    block += blob.length / 16;
  }
  return Buffer.concat([slots, ...blobs]);
}

function rpmHeader({ name, version, release, epoch, license }: RpmPackage): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(epoch ?? 0);
  const values: readonly (readonly [tag: number, type: number, bytes: Buffer])[] = [
    ...(epoch === undefined ? [] : [[1003, 4, number] as const]),
    ...(
      [
        [1000, name],
        [1001, version],
        [1002, release],
        [1022, 'x86_64'],
        [1014, license],
      ] as const
    ).flatMap(([tag, text]) => (text === undefined ? [] : [[tag, 6, Buffer.from(`${text}\0`)] as const])),
  ];
  const head = Buffer.alloc(8 + values.length * 16);
  head.writeUInt32BE(values.length, 0);
  let offset = 0;
  for (const [index, [tag, type, bytes]] of values.entries()) {
    for (const [place, value] of [tag, type, offset, 1].entries()) head.writeUInt32BE(value, 8 + index * 16 + place * 4);
    offset += bytes.length;
  }
  head.writeUInt32BE(offset, 4);
  return Buffer.concat([head, ...values.map(([, , bytes]) => bytes)]);
}

/** A zip file of some entries, deflated when that is shorter. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const [method, bytes] = packed.length < plain.length ? ([8, packed] as const) : ([0, plain] as const);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, tail, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, listed, end]);
}
