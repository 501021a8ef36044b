/** The windows and freezes themselves: what they hold, where, how they come back; those that were recorded here can be ended. */

import type { CalendarView, EntryView } from '@beluga/contract/calendar-api-schema';
import { Button, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { ruleWords } from './rule.ts';

export function Entries({ calendar: { entries } }: { readonly calendar: CalendarView }) {
  const { t } = useTranslation();
  if (entries.length === 0) {
    return (
      <Empty title={t('calendar.none')}>
        <p>{t('calendar.noneText')}</p>
        <CommandLine>beluga calendar freeze year-end --start 2026-12-21 --for 12d --yes</CommandLine>
      </Empty>
    );
  }
  return (
    <section>
      <h2>{t('calendar.entries')}</h2>
      <Table aria-label={t('calendar.entries')} variant="compact">
        <Thead>
          <Tr>
            <Th>{t('word.name')}</Th>
            <Th>{t('calendar.when')}</Th>
            <Th>{t('calendar.whom')}</Th>
            <Th>{t('calendar.reason')}</Th>
            <Th screenReaderText={t('calendar.end')} />
          </Tr>
        </Thead>
        <Tbody>
          {entries.map((entry) => (
            <Entry key={`${entry.id} ${entry.kind} ${entry.name}`} entry={entry} />
          ))}
        </Tbody>
      </Table>
    </section>
  );
}

function Entry({ entry }: { readonly entry: EntryView }) {
  const { t, i18n } = useTranslation();
  const { id, kind, name, environments, systems, criticality, reason } = entry;
  const end = useEnd(entry);
  return (
    <Tr>
      <Td dataLabel={t('word.name')}>
        <Label isCompact variant="outline" color={kind === 'freeze' ? 'red' : 'green'}>
          {t(`calendar.kinds.${kind}`)}
        </Label>{' '}
        <strong translate="no">{name}</strong>
      </Td>
      <Td dataLabel={t('calendar.when')}>{ruleWords(entry, i18n.language, t)}</Td>
      <Td dataLabel={t('calendar.whom')}>
        <span translate="no">{[...environments, ...(systems ?? [])].join(', ')}</span>
        {criticality === null ? null : ` · ${criticality.map((one) => t(`criticality.${one}`)).join(', ')}`}
      </Td>
      <Td dataLabel={t('calendar.reason')}>{reason ?? '–'}</Td>
      <Td isActionCell>
        {id === 'platform' ? (
          <span className="quiet">{t('calendar.written')}</span>
        ) : (
          <Button
            variant="link"
            isInline
            isDanger
            isLoading={end.isPending}
            aria-label={t('calendar.endOne', { name })}
            onClick={() => end.mutate()}
          >
            {t('calendar.end')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}

/** Ends an entry; the message offers to record it again. */
function useEnd({ id, kind, reason, systems, criticality, rule, ...written }: EntryView) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  const again = async (): Promise<void> => {
    const { on, except, skip, ...rest } = written;
    const lists = Object.fromEntries(Object.entries({ on, except, skip }).filter(([, list]) => list.length > 0));
    const optional = Object.fromEntries(Object.entries({ reason, systems, criticality, rule }).filter(([, value]) => value !== null));
    await client.addCalendarEntry({ kind, entry: { ...rest, ...lists, ...optional } });
    await queries.invalidateQueries({ queryKey: ['calendar'] });
  };
  return useMutation({
    mutationFn: () => client.removeCalendarEntry({ id }),
    onSuccess: async () => {
      say({
        kind: 'success',
        title: t('calendar.ended', { name: written.name }),
        action: { words: t('act.undo'), act: () => void again().catch(fail) },
      });
      await queries.invalidateQueries({ queryKey: ['calendar'] });
    },
    onError: fail,
  });
}
