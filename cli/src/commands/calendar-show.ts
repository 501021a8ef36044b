/** `beluga calendar show`: windows, freezes and public holidays, as they come. */
import type { CalendarView } from '@beluga/contract/calendar-api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { instantOf } from '../deployment/instant.ts';
import { momentOf } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly to?: string; readonly from?: string; readonly days?: string };
type Row = CalendarView['occurrences'][number] & { readonly scope: string; readonly zone: string };

const columns: readonly Column<Row>[] = [
  { title: 'FROM', cell: ({ start, zone }) => momentOf(start, zone) },
  { title: 'TO', cell: ({ end, zone }) => momentOf(end, zone) },
  { title: 'WHAT', cell: ({ kind }) => kind },
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'FOR', cell: ({ scope }) => scope },
  { title: 'ID', cell: ({ id }) => id },
];

export function define(command: Command): void {
  command
    .option('--to <environment>', 'only of one environment')
    .option('--from <time>', 'from a day or a time on; default: now')
    .option('--days <number>', 'how many days', '30');
  whenCalled<Options>(command, async (io, options) => {
    const { client } = await connect(io.env);
    const from = options.from === undefined ? new Date().toISOString() : instantOf(options.from, '--from');
    const to = new Date(Date.parse(from) + Number(options.days ?? 30) * 86_400_000).toISOString();
    const calendar = await client.showCalendar(given({ from, to, environment: options.to }));
    if (io.format !== 'table') io.show(calendar, () => '');
    else {
      io.list(
        calendar.occurrences.map((one) => ({ ...one, scope: scopeOf(calendar, one), zone: calendar.timeZone })),
        columns,
        'Nothing comes in that time: installations may start whenever their gates are open.',
      );
      if (calendar.publicHolidays.length > 0) io.line(`\nPublic holidays (${calendar.holidays}): ${calendar.publicHolidays.join(', ')}`);
    }
    return 0;
  });
}

function scopeOf({ entries }: CalendarView, { id, name }: { readonly id: string; readonly name: string }): string {
  const entry = entries.find((one) => one.id === id && one.name === name);
  const parts = [entry?.environments, entry?.systems, entry?.criticality].filter((part) => part !== undefined && part !== null);
  return parts.map((part) => part.join(',')).join(' ');
}
