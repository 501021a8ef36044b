/** The log of the embedded PostgreSQL, which it appends to for as long as it lives: kept under a size. */
import { open, stat, truncate, writeFile } from 'node:fs/promises';

/** What was written to a file after an offset, in bytes; at most the last 64 KiB. Nothing when there is no such file. */
export async function readTail(path: string, from: number, limitBytes = 65_536): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - limitBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), 0, Math.max(0, size - start), start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Once the file is larger than the bound, its last quarter moves to `<path>.old` and it begins again empty. The writer keeps its open file
 * (it appends), so it needs no signal.
 */
export async function boundLog(path: string, boundBytes = 4 * 1024 * 1024): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= boundBytes) return;
  await writeFile(`${path}.old`, await readTail(path, 0, boundBytes / 4), { mode: 0o600 });
  await truncate(path, 0);
}
