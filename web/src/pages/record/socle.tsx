/** One socle: how far the move to its newest version is, its versions, and who stands on which. */

import type { SocleDetailView } from '@beluga/contract/socle-view-schema';
import { Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Empty } from '../../parts/empty.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { Campaign } from './campaign.tsx';
import './record.css';

const route = getRouteApi('/images/$name');

export function SoclePage() {
  const { t } = useTranslation();
  const { name } = route.useParams();
  const query = useQuery({ queryKey: ['socle', name], queryFn: () => client.showSocle({ name }) });
  return (
    <Page title={name} trail={[{ words: t('page.images'), to: '/images' }]} text={t('socle.text')}>
      <Loaded query={query}>{(detail) => <Whole detail={detail} />}</Loaded>
    </Page>
  );
}

function Whole({ detail }: { readonly detail: SocleDetailView }) {
  const { t } = useTranslation();
  const { socle } = detail;
  return (
    <div className="deployment">
      {socle.deprecated === null ? null : (
        <Notice kind="warning" title={t('socle.deprecated', { instead: socle.deprecated.instead ?? t('socle.another') })}>
          <p>{socle.deprecated.reason}</p>
        </Notice>
      )}
      <Campaign detail={detail} />
      <Versions detail={detail} />
      <Users detail={detail} />
    </div>
  );
}

function Versions({ detail }: { readonly detail: SocleDetailView }) {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('socle.versions')}</h2>
      <ul className="versions">
        {detail.versions.map(({ number, runtime, recordedAt, image }) => (
          <li key={number}>
            <strong>{number}</strong>
            <span translate="no">
              {Object.entries(runtime)
                .map(([name, value]) => `${name} ${value}`)
                .join(', ')}
            </span>
            <Ago at={recordedAt} />
            <code className="digest" translate="no">
              {image.slice(image.indexOf('@') + 8, image.indexOf('@') + 20)}
            </code>
            <span className="quiet">{t('socle.onIt', { count: detail.users.filter((user) => user.number === number).length })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Users({ detail: { users, socle } }: { readonly detail: SocleDetailView }) {
  const { t } = useTranslation();
  if (users.length === 0) return <Empty title={t('socle.nobody')} />;
  return (
    <section>
      <h2>{t('socle.users')}</h2>
      <Table aria-label={t('socle.users')} variant="compact">
        <Thead>
          <Tr>
            <Th>{t('word.component')}</Th>
            <Th>{t('word.version')}</Th>
            <Th>{t('socle.standsOn')}</Th>
            <Th>{t('release.where')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {users.slice(0, 500).map((user) => (
            <Tr key={`${user.component} ${user.version}`}>
              <Td dataLabel={t('word.component')}>
                <Link to="/components/$component" params={{ component: user.component }} search={{ tab: 'image' }} translate="no">
                  {user.component}
                </Link>
              </Td>
              <Td dataLabel={t('word.version')} translate="no">
                {user.version}
              </Td>
              <Td dataLabel={t('socle.standsOn')}>
                <Label isCompact variant="outline" color={user.number === socle.number ? 'green' : 'orange'}>
                  {user.number}
                </Label>
              </Td>
              <Td dataLabel={t('release.where')} translate="no">
                {user.environments.join(', ')}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </section>
  );
}
