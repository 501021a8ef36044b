/** The teams as the components name them, with what each owns. */

import type { PlatformView } from '@beluga/contract/platform-view-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function Teams({ platform: { teams } }: { readonly platform: PlatformView }) {
  const { t } = useTranslation();
  return (
    <Card isCompact className="fact-wide">
      <CardTitle component="h2">{t('teams.title')}</CardTitle>
      <CardBody>
        {teams.length === 0 ? <p className="quiet">{t('teams.none')}</p> : null}
        {teams.length === 0 ? null : (
          <Table aria-label={t('teams.title')} variant="compact">
            <Thead>
              <Tr>
                <Th>{t('teams.team')}</Th>
                <Th width={50}>{t('teams.systems')}</Th>
                <Th>{t('teams.components')}</Th>
              </Tr>
            </Thead>
            <Tbody>
              {teams.map(({ name, systems, components }) => (
                <Tr key={name}>
                  <Td dataLabel={t('teams.team')}>
                    <strong translate="no">{name}</strong>
                  </Td>
                  <Td dataLabel={t('teams.systems')} translate="no">
                    <span className="clamp" title={systems.join(', ')}>
                      {systems.join(', ')}
                    </span>
                  </Td>
                  <Td dataLabel={t('teams.components')}>
                    <Link to="/" search={{ team: name }}>
                      {t('estate.shown', { count: components })}
                    </Link>
                  </Td>
                </Tr>
              ))}
            </Tbody>
          </Table>
        )}
      </CardBody>
    </Card>
  );
}
