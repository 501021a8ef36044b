/** Which instances start, serve and leave, and whose the traffic is. */

import type { DeploymentView, InstanceView } from '@beluga/contract/api-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../parts/page.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { instancesQuery } from '../../queries.ts';

export function LiveInstances({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const { component, environment, state } = deployment;
  const moving = state === 'waiting' || state === 'running';
  const query = useQuery({ ...instancesQuery(component, environment), refetchInterval: moving ? 700 : 10_000 });
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('deployment.instances', { environment })}</CardTitle>
      <CardBody>
        <Loaded query={query} rows={2}>
          {({ items }) =>
            items.length === 0 ? <p className="quiet">{t('deployment.noInstances')}</p> : <Sets instances={items} deployment={deployment} />
          }
        </Loaded>
      </CardBody>
    </Card>
  );
}

function Sets({ instances, deployment }: { readonly instances: readonly InstanceView[]; readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const share = shareOf(instances.filter(({ version }) => version === deployment.version));
  const versions = [...Map.groupBy(instances, ({ version }) => version)].toSorted(([one]) => (one === deployment.version ? -1 : 1));
  return (
    <>
      <p>{t('deployment.traffic', { share, version: deployment.version })}</p>
      <meter
        className="traffic"
        min={0}
        max={100}
        value={share}
        aria-label={t('deployment.traffic', { share, version: deployment.version })}
      />
      <div className="sets">
        {versions.map(([version, members]) => (
          <section key={version} className={version === deployment.version ? 'set set-new' : 'set'}>
            <h3>
              <span translate="no">{version}</span> <span className="quiet">{t('deployment.share', { share: shareOf(members) })}</span>
            </h3>
            <ul>
              {members.map((instance) => (
                <Member key={instance.name} instance={instance} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

/** Of the new requests, in whole percent, for these instances together: as the server has it from the router. */
function shareOf(instances: readonly InstanceView[]): number {
  return Math.round(instances.reduce((sum, { trafficPercent }) => sum + trafficPercent, 0));
}

function Member({ instance }: { readonly instance: InstanceView }) {
  const { component, environment, name, state } = instance;
  return (
    <li>
      <StateLabel state={state} />
      <Link to="/components/$component" params={{ component }} search={{ tab: 'logs', environment, instance: name }} translate="no">
        {name.split('.').slice(-2).join('.')}
      </Link>
    </li>
  );
}
