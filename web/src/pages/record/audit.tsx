/** The audit log: who changed what, each entry chained to the one before. */

import type { AuditEntryView } from '@beluga/contract/api-schema';
import { Button, SearchInput } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { At } from '../../parts/time.tsx';

const route = getRouteApi('/audit');
const page = 500;

export function AuditPage() {
  const { t } = useTranslation();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => client.readAudit({ after: pageParam, limit: page }),
    initialPageParam: 0,
    getNextPageParam: ({ items }) => (items.length < page ? null : (items.at(-1)?.number ?? null)),
    refetchInterval: false,
  });
  const all = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const wanted = q.toLowerCase();
  const shown = all
    .filter((entry) => `${entry.who} ${entry.what} ${entry.subject} ${JSON.stringify(entry.detail)}`.toLowerCase().includes(wanted))
    .toReversed();
  const change = (value: string): void => void navigate({ search: { q: value === '' ? undefined : value }, replace: true });
  return (
    <Page title={t('page.audit')} text={t('audit.text')}>
      <div className="tab-tools">
        <SearchInput
          aria-label={t('audit.search')}
          placeholder={t('audit.search')}
          value={q}
          onChange={(_, value) => change(value)}
          onClear={() => change('')}
          resetButtonLabel={t('act.clear')}
        />
        {query.hasNextPage ? (
          <Button variant="secondary" onClick={() => void query.fetchNextPage()}>
            {t('audit.newer')}
          </Button>
        ) : null}
        <CommandLine>beluga audit list --all --output ndjson</CommandLine>
      </div>
      {query.error === null ? null : <FailureAlert error={query.error} />}
      {query.data !== undefined && shown.length === 0 ? (
        <Empty title={t('audit.none')} filtered />
      ) : (
        <Entries entries={shown.slice(0, 1_000)} />
      )}
    </Page>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntryView[] }) {
  const { t } = useTranslation();
  return (
    <Table aria-label={t('page.audit')} variant="compact">
      <Thead>
        <Tr>
          <Th>{t('audit.number')}</Th>
          <Th>{t('word.time')}</Th>
          <Th>{t('audit.who')}</Th>
          <Th>{t('audit.what')}</Th>
          <Th>{t('audit.subject')}</Th>
          <Th>{t('audit.hash')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {entries.map((entry) => (
          <Tr key={entry.number}>
            <Td dataLabel={t('audit.number')}>{entry.number}</Td>
            <Td dataLabel={t('word.time')}>
              <At at={entry.at} />
            </Td>
            <Td dataLabel={t('audit.who')}>{entry.who}</Td>
            <Td dataLabel={t('audit.what')} translate="no">
              {entry.what}
            </Td>
            <Td dataLabel={t('audit.subject')} translate="no">
              <Subject subject={entry.subject} />
            </Td>
            <Td dataLabel={t('audit.hash')}>
              <code translate="no" title={entry.hash}>
                {entry.hash.slice(7, 15)}
              </code>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Subject({ subject }: { readonly subject: string }) {
  const [noun, name = ''] = subject.split('/');
  if (noun === 'deployment')
    return (
      <Link to="/deployments/$id" params={{ id: name }}>
        {subject}
      </Link>
    );
  if (noun === 'release')
    return (
      <Link to="/components/$component" params={{ component: name.split('@')[0] ?? '' }} search={{ tab: 'releases' }}>
        {subject}
      </Link>
    );
  return <>{subject}</>;
}
