/** `beluga samples`: what a component did and used over a time. */
import type { SampleView } from '@beluga/contract/sample-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('--from <time>', 'from then on, such as 2026-11-25T10:00:00Z; an hour ago unless said')
    .option('--to <time>', 'until then; now unless said')
    .addHelpText(
      'after',
      '\nLATENCY is the average of the last 1,024 requests, CPU is in cores. `--output json` for a program that draws.',
    );
  whenCalled<{ env: string; from?: string; to?: string }>(command, async (io, { env, from, to }, [component = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.listSamples({
      ...{ component, environment: env },
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const columns = [
      { title: 'AT', cell: (row: SampleView) => row.at },
      { title: 'REQUESTS/S', cell: (row: SampleView) => rounded(row.requestsPerSecond) },
      { title: 'FAILED/S', cell: (row: SampleView) => rounded(row.failedPerSecond) },
      { title: 'LATENCY', cell: (row: SampleView) => (row.latencyMs === null ? '-' : `${rounded(row.latencyMs)} ms`) },
      { title: 'CPU', cell: (row: SampleView) => (row.cpuMillis === null ? '-' : (row.cpuMillis / 1000).toFixed(2)) },
      { title: 'MEMORY', cell: (row: SampleView) => (row.memoryBytes === null ? '-' : `${Math.round(row.memoryBytes / 1e6)} MB`) },
      { title: 'SERVING', cell: (row: SampleView) => String(row.serving) },
    ];
    io.list(items, columns, 'Nobody looked in that time; samples are taken every 15 s and kept for a week.');
    return 0;
  });
}

function rounded(value: number | null): string {
  return value === null ? '-' : value.toFixed(value < 10 ? 1 : 0);
}
