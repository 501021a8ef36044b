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
  const share = shareOf(deployment, instances);
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
            <h3 translate="no">{version}</h3>
            <ul>
              {members.map((instance) => (
                <Member key={instance.name} instance={instance} state={stateOf(instance, deployment)} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

/** Of the requests, in percent, for the release that comes: what its canary was given last, else its part of the instances that serve. */
function shareOf({ steps, version }: DeploymentView, instances: readonly InstanceView[]): number {
  const done = steps.filter(({ state }) => state === 'done');
  const given = done.findLast(({ kind }) => kind === 'weigh');
  if (given !== undefined && !done.some(({ kind }) => kind === 'shift')) return Number(/(\d+) %/.exec(given.sentence)?.[1] ?? 0);
  const serving = instances.filter(({ state }) => state === 'serving');
  const ours = serving.filter((instance) => instance.version === version).length;
  return serving.length === 0 ? 0 : Math.round((100 * ours) / serving.length);
}

/** One that gets no requests comes, or has finished what it had: it leaves once the traffic was moved away from its release. */
function stateOf({ state, version }: InstanceView, deployment: DeploymentView): InstanceView['state'] {
  if (state !== 'starting') return state;
  const shift = deployment.steps.findLast((step) => step.kind === 'shift' && step.state === 'done');
  if (shift === undefined) return state;
  const comes = shift.purpose === 'forward' ? version === deployment.version : version !== deployment.version;
  return comes ? state : 'draining';
}

function Member({ instance, state }: { readonly instance: InstanceView; readonly state: InstanceView['state'] }) {
  const { component, environment, name } = instance;
  return (
    <li>
      <StateLabel state={state} />
      <Link to="/components/$component" params={{ component }} search={{ tab: 'logs', environment, instance: name }} translate="no">
        {name.split('.').slice(-2).join('.')}
      </Link>
    </li>
  );
}
