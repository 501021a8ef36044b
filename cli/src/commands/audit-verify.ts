/** `beluga audit verify`: whether an exported audit log is unchanged; needs no server. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AuditEntryView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';

export function define(command: Command): void {
  command.argument('<file>', 'what `beluga audit list --all --output json` (or ndjson) wrote');
  whenCalled(command, async (io, _options, [file = '']) => {
    const entries = read(await textOf(file), file);
    verify(entries);
    const result = { entries: entries.length, state: 'unchanged' };
    io.show(result, () => `${entries.length} entries, each follows from the one before.`);
    return 0;
  });
}

function verify(entries: readonly AuditEntryView[]): void {
  let previous = `sha256:${'0'.repeat(64)}`;
  let expected = 1;
  for (const entry of entries) {
    if (entry.number !== expected || entry.hash !== hashOf(previous, entry)) throw new CliError('audit-broken', { number: entry.number });
    previous = entry.hash;
    expected += 1;
  }
}

/** SHA-256 of the former hash, a line end, and the entry's canonical JSON without its hash, times with milliseconds. */
function hashOf(previous: string, { number, at, who, what, subject, detail }: AuditEntryView): string {
  const text = canonical({ number, at: new Date(at).toISOString(), who, what, subject, detail: detail ?? null });
  return `sha256:${createHash('sha256').update(`${previous}\n${text}`).digest('hex')}`;
}

/** JSON with sorted keys (after RFC 8785). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError('file-unreadable', { file, problem: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}

function read(text: string, file: string): readonly AuditEntryView[] {
  try {
    if (text.trimStart().startsWith('[')) return JSON.parse(text) as AuditEntryView[];
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntryView);
  } catch {
    throw new CliError('file-unreadable', { file, problem: 'it is neither a JSON array nor JSON a line' });
  }
}
