/** The audit log, the newest first: who changed what, each entry chained to the one before. */

import type { AuditEntryView } from '@beluga/contract/api-schema';
import { Button, SearchInput } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { At } from '../../parts/time.tsx';

const route = getRouteApi('/audit');
const page = 100;
/** Above every number. */
const newest = 2_147_483_647;

export function AuditPage() {
  const { t } = useTranslation();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const search = useDeferredValue(q.trim());
  const query = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam, signal }) =>
      client.readAudit({ before: pageParam, ...(search === '' ? {} : { search }), limit: page }, { signal }),
    initialPageParam: newest,
    getNextPageParam: ({ items }) => (items.length < page ? null : (items.at(-1)?.number ?? null)),
    placeholderData: keepPreviousData,
    refetchInterval: false,
  });
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
        <CommandLine>beluga audit list --all --output ndjson</CommandLine>
      </div>
      <Loaded query={query} rows={12}>
        {({ pages }) => <Found entries={pages.flatMap(({ items }) => items)} />}
      </Loaded>
      {query.hasNextPage ? (
        <Button variant="secondary" isLoading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('audit.older')}
        </Button>
      ) : null}
    </Page>
  );
}

function Found({ entries }: { readonly entries: readonly AuditEntryView[] }) {
  const { t } = useTranslation();
  return entries.length === 0 ? <Empty title={t('audit.none')} filtered /> : <Entries entries={entries} />;
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
  if (noun === 'change')
    return (
      <Link to="/changes/$id" params={{ id: name }}>
        {subject}
      </Link>
    );
  if (noun === 'place')
    return (
      <Link to="/components/$component" params={{ component: name.split('.')[0] ?? '' }} search={{ tab: 'instances' }}>
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
