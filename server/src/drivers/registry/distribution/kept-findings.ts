/** What was found in layers, kept in a folder, so that no layer is read twice, also after a restart. It can be removed at any time. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { FindingsStore } from '@beluga/oci/sbom/survey';

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** A disk that refuses, or a file that was damaged, only means that a layer is read again. */
export function openKeptFindings(folder: string): FindingsStore {
  const pathOf = (key: string) => join(folder, key.slice(-2), `${key}.json.zst`);
  return {
    get: (key) =>
      readFile(pathOf(key))
        .then(decompress)
        .then((bytes): unknown => JSON.parse(bytes.toString('utf8')))
        .catch(() => undefined),
    async set(key, findings) {
      const path = pathOf(key);
      const aside = `${path}.${randomUUID()}`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(aside, await compress(JSON.stringify(findings)));
        await rename(aside, path);
      } catch {
        await rm(aside, { force: true }).catch(() => undefined);
      }
    },
  };
}
