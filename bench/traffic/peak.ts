/** As many requests as are answered: each connection sends the next one when it has its answer. In a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('peak-process.ts', import.meta.url));

export async function peakOf(address: string, forMs: number): Promise<{ readonly answered: number; readonly seconds: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, address, String(forMs)]);
  return JSON.parse(stdout) as { readonly answered: number; readonly seconds: number };
}
