/** The releases of a component, the newest first, and where each is. */

import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Ago } from '../../parts/time.tsx';

export function Releases({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  if (page.releases.length === 0) {
    return (
      <Empty title={t('release.none')}>
        <CommandLine>beluga release</CommandLine>
      </Empty>
    );
  }
  return (
    <Table aria-label={t('tab.releases')} variant="compact">
      <Thead>
        <Tr>
          <Th>{t('word.version')}</Th>
          <Th>{t('release.where')}</Th>
          <Th>{t('word.commit')}</Th>
          <Th>{t('word.registered')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {page.releases.map((release) => (
          <ReleaseRow key={release.digest} release={release} page={page} />
        ))}
      </Tbody>
    </Table>
  );
}

function ReleaseRow({ release, page }: { readonly release: ComponentPageView['releases'][number]; readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const where = page.stages.filter(({ current }) => current?.digest === release.digest);
  return (
    <Tr>
      <Td dataLabel={t('word.version')}>
        <strong translate="no">{release.version}</strong>
      </Td>
      <Td dataLabel={t('release.where')}>
        <span className="labels">
          {where.map(({ environment }) => (
            <Label key={environment} isCompact color="blue" variant="outline">
              {environment}
            </Label>
          ))}
        </span>
      </Td>
      <Td dataLabel={t('word.commit')}>
        {release.commit === null ? (
          <span className="quiet">{t('release.noCommit')}</span>
        ) : (
          `${release.commit.subject} — ${release.commit.author}`
        )}
      </Td>
      <Td dataLabel={t('word.registered')}>
        <Ago at={release.createdAt} />
      </Td>
    </Tr>
  );
}
