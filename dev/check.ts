/** `npm run check`: types, lint, format and dead code, all at once; a line each, and what they found. */
import { fileURLToPath } from 'node:url';
import { ended } from './spawned.ts';

type Check = { readonly name: string; readonly bin: string; readonly words: readonly string[]; readonly remedy: string };

const checkout = fileURLToPath(new URL('..', import.meta.url));

const checks: readonly Check[] = [
  { name: 'types', bin: 'typescript/bin/tsc', words: ['-p', '.'], remedy: 'Mend the types; `as` is seldom the answer.' },
  {
    name: 'console',
    bin: 'typescript/bin/tsc',
    words: ['-p', 'web'],
    remedy: 'Mend the types of web/; a missing word belongs in both languages of web/src/locales.',
  },
  { name: 'lint', bin: 'oxlint/bin/oxlint', words: ['--type-aware', '.'], remedy: 'The rules and their bounds are in .oxlintrc.json.' },
  { name: 'format', bin: '@biomejs/biome/bin/biome', words: ['check', '.'], remedy: 'Run `npm run format`.' },
  { name: 'dead code', bin: 'knip/bin/knip.js', words: ['--no-progress'], remedy: 'Remove what nobody uses, or use it.' },
];

/** Runs every check in parallel and prints a line each; true when nothing was found. */
export async function check(): Promise<boolean> {
  const results = await Promise.all(checks.map(perform));
  return results.every((good) => good);
}

async function perform({ name, bin, words, remedy }: Check): Promise<boolean> {
  const { exitCode, output, seconds } = await ended(process.execPath, [`node_modules/${bin}`, ...words], checkout);
  const good = exitCode === 0;
  process.stdout.write(`${good ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s\n`);
  if (!good) process.stdout.write(`${output.trimEnd()}\n     ${remedy}\n`);
  return good;
}

if (import.meta.main) process.exitCode = (await check()) ? 0 : 1;
