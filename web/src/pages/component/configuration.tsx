/** What an instance is given, and where each entry comes from. */

import type { ConfigEntryView } from '@beluga/contract/api-schema';
import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Label, SearchInput } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/page.tsx';
import { EnvironmentChoice, useEnvironment } from './environment-choice.tsx';

const colours = { platform: 'grey', dependency: 'teal', component: 'blue', environment: 'purple', secret: 'orange' } as const;

export function Configuration({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const environment = useEnvironment(page);
  if (environment === null) return <Empty title={t('component.nowhere')} />;
  return <Entries page={page} environment={environment} />;
}

function Entries({ page, environment }: { readonly page: ComponentPageView; readonly environment: string }) {
  const { t } = useTranslation();
  const component = page.component.name;
  const [words, setWords] = useState('');
  const query = useQuery({
    queryKey: ['configuration', component, environment],
    queryFn: () => client.showConfig({ component, environment }),
  });
  return (
    <>
      <div className="tab-tools">
        <EnvironmentChoice page={page} chosen={environment} />
        <SearchInput
          aria-label={t('configuration.search')}
          placeholder={t('configuration.search')}
          value={words}
          onChange={(_, value) => setWords(value)}
          onClear={() => setWords('')}
          resetButtonLabel={t('act.clear')}
        />
        <CommandLine>{`beluga config ${component} --env ${environment}`}</CommandLine>
      </div>
      <Loaded query={query}>
        {({ items }) => (
          <EntryTable entries={items.filter(({ name, value }) => `${name} ${value ?? ''}`.toLowerCase().includes(words.toLowerCase()))} />
        )}
      </Loaded>
    </>
  );
}

function EntryTable({ entries }: { readonly entries: readonly ConfigEntryView[] }) {
  const { t } = useTranslation();
  if (entries.length === 0) return <Empty title={t('configuration.none')} filtered />;
  return (
    <Table aria-label={t('tab.configuration')} variant="compact">
      <Thead>
        <Tr>
          <Th width={30}>{t('word.name')}</Th>
          <Th>{t('word.value')}</Th>
          <Th>{t('word.origin')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {entries.map(({ name, value, origin }) => (
          <Tr key={name}>
            <Td dataLabel={t('word.name')}>
              <code translate="no">{name}</code>
            </Td>
            <Td dataLabel={t('word.value')}>
              {value === null ? (
                <span className="quiet">{t('configuration.secret')}</span>
              ) : (
                <code translate="no" className="value">
                  {value}
                </code>
              )}
            </Td>
            <Td dataLabel={t('word.origin')}>
              <Label isCompact color={colours[origin]}>
                {t(`origin.${origin}`)}
              </Label>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
