/** Release trains, the next to depart first: what travels together, and when. */

import type { TrainView } from '@beluga/contract/train-schema';
import { Button } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Ago, At } from '../../parts/time.tsx';
import { trainsQuery } from '../../queries.ts';
import { NewTrainDialog } from './new-train.tsx';
import './train.css';
import { TrainState } from './train-state.tsx';

const route = getRouteApi('/trains');

export function TrainsPage() {
  const { t } = useTranslation();
  const asked = route.useSearch().new !== undefined;
  const navigate = route.useNavigate();
  const ask = (yes: boolean): void => void navigate({ search: { new: yes ? 'yes' : undefined }, replace: true });
  const query = useQuery(trainsQuery);
  return (
    <Page title={t('page.trains')} text={t('trains.text')} actions={<Button onClick={() => ask(true)}>{t('trains.new')}</Button>}>
      <Loaded query={query}>{({ items }) => (items.length === 0 ? <Nothing /> : <TrainTable trains={items} />)}</Loaded>
      {asked ? <NewTrainDialog close={() => ask(false)} /> : null}
    </Page>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <Empty title={t('trains.none')}>
      <p>{t('trains.noneText')}</p>
      <CommandLine>beluga train create avril-2027 --locks 2027-03-15 --rehearsal 2027-03-22 --departure 2027-04-10</CommandLine>
    </Empty>
  );
}

function TrainTable({ trains }: { readonly trains: readonly TrainView[] }) {
  const { t } = useTranslation();
  return (
    <Table aria-label={t('page.trains')} variant="compact">
      <Thead>
        <Tr>
          <Th width={20}>{t('trains.train')}</Th>
          <Th>{t('word.state')}</Th>
          <Th>{t('trains.members')}</Th>
          <Th>{t('trainDate.locksAt')}</Th>
          <Th>{t('trainDate.rehearsalAt')}</Th>
          <Th>{t('trainDate.departsAt')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {trains.map((train) => (
          <Tr key={train.name}>
            <Td dataLabel={t('trains.train')}>
              <Link to="/trains/$train" params={{ train: train.name }} translate="no">
                {train.name}
              </Link>
            </Td>
            <Td dataLabel={t('word.state')}>
              <TrainState state={train.state} />
            </Td>
            <Td dataLabel={t('trains.members')}>{train.members.length}</Td>
            <Td dataLabel={t('trainDate.locksAt')}>
              <At at={train.locksAt} />
            </Td>
            <Td dataLabel={t('trainDate.rehearsalAt')}>
              <At at={train.rehearsalAt} />
            </Td>
            <Td dataLabel={t('trainDate.departsAt')}>
              <At at={train.departsAt} />{' '}
              <span className="quiet">
                <Ago at={train.departsAt} coming />
              </span>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
