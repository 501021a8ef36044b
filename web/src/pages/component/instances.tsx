/** The instances of a component in one environment, as they are now: how many are wanted and why, and what somebody changed by hand. */

import type { InstanceView } from '@beluga/contract/api-schema';
import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { instancesQuery } from '../../queries.ts';
import { DriftTable } from '../drift/drift-table.tsx';
import { EnvironmentChoice, useEnvironment } from './environment-choice.tsx';

export function Instances({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const environment = useEnvironment(page);
  if (environment === null) return <Empty title={t('component.nowhere')} />;
  return (
    <>
      <div className="tab-tools">
        <EnvironmentChoice page={page} chosen={environment} />
        <CommandLine>{`beluga instances ${page.component.name} --env ${environment}`}</CommandLine>
      </div>
      {page.component.kind === 'Service' ? <Wanted component={page.component.name} environment={environment} /> : null}
      <Running component={page.component.name} environment={environment} kind={page.component.kind} />
      <Changed component={page.component.name} environment={environment} />
    </>
  );
}

type Place = { readonly component: string; readonly environment: string };

/** How many are wanted, and why so many. */
function Wanted({ component, environment }: Place) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['scale', component, environment], queryFn: () => client.showScale({ component, environment }) });
  if (data === undefined) return null;
  return (
    <p>
      {t('instances.wanted', { count: data.wanted, serving: data.serving })} <Said className="quiet">{data.reason}</Said>
    </p>
  );
}

/** What somebody changed by hand, as long as it stands and what was put right lately. */
function Changed({ component, environment }: Place) {
  const { t } = useTranslation();
  const wish = { component, environment, limit: 10 };
  const { data } = useQuery({ queryKey: ['drift', wish], queryFn: () => client.listDrift(wish) });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section>
      <h2>{t('instances.drift')}</h2>
      <DriftTable drifts={data.items} />
    </section>
  );
}

function Running({ component, environment, kind }: Place & { readonly kind: 'Service' | 'Job' }) {
  const { t } = useTranslation();
  const query = useQuery({ ...instancesQuery(component, environment), refetchInterval: 3_000 });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('instances.none')}>{t(`instances.noneText.${kind}`)}</Empty>
        ) : (
          <InstanceTable instances={items} />
        )
      }
    </Loaded>
  );
}

function InstanceTable({ instances }: { readonly instances: readonly InstanceView[] }) {
  const { t } = useTranslation();
  const columns = {
    name: t('word.instance'),
    state: t('word.state'),
    version: t('word.version'),
    restarts: t('instances.restarts'),
    started: t('instances.started'),
  };
  return (
    <Table aria-label={t('tab.instances')} variant="compact">
      <Thead>
        <Tr>
          {Object.values(columns).map((title) => (
            <Th key={title}>{title}</Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {instances.map((instance) => (
          <Tr key={instance.name}>
            <Td dataLabel={columns.name}>
              <Link
                to="/components/$component"
                params={{ component: instance.component }}
                search={{ tab: 'logs', environment: instance.environment, instance: instance.name }}
                translate="no"
              >
                {instance.name}
              </Link>
            </Td>
            <Td dataLabel={columns.state}>
              <StateLabel state={instance.state} />
              <Said className="quiet below">{instance.reason}</Said>
            </Td>
            <Td dataLabel={columns.version}>
              <span translate="no">{instance.version}</span>
            </Td>
            <Td dataLabel={columns.restarts}>{instance.restarts}</Td>
            <Td dataLabel={columns.started}>{instance.startedAt === null ? '–' : <Ago at={instance.startedAt} />}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
