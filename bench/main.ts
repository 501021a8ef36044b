/**
 * `npm run bench -- NAME [--output json] [--rounds N]`: measures something, against something, on this machine in one run.
 *
 * Printed as JSON: `{ bench, machine, runs, ours, peers, ratio }`, each figure with its median, minimum and maximum.
 */
import { parseArgs } from 'node:util';
import { benches } from './benches.ts';
import { describeMachine } from './machine.ts';
import { tableOf } from './table.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o', default: 'table' }, rounds: { type: 'string' } },
  });
  const [name = ''] = positionals;
  const bench = await benches[name]?.();
  if (bench === undefined || positionals.length > 1 || !['table', 'json'].includes(values.output)) {
    process.stderr.write(`Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--output table|json] [--rounds N]\n`);
    return 2;
  }
  const rounds = values.rounds === undefined ? bench.rounds : Number(values.rounds);
  const say = (text: string): void => void process.stderr.write(`  ${text}\n`);
  const report = { bench: name, machine: describeMachine(), ...(await bench.measure({ rounds, say })) };
  process.stdout.write(values.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report));
  return 0;
}
