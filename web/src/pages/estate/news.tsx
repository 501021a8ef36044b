/** What moves now, what is red and why, and what somebody changed by hand. */

import type { EstateView } from '@beluga/contract/console-schema';
import type { DriftView } from '@beluga/contract/drift-schema';
import { Card, CardBody, CardTitle, Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { driftQuery, instancesQuery } from '../../queries.ts';

const most = 3;
type Props = { readonly moving: EstateView['moving']; readonly red: EstateView['red'] };

export function News({ moving, red }: Props) {
  const { t } = useTranslation();
  const drifts = useQuery(driftQuery).data?.items ?? [];
  if (moving.length + red.length + drifts.length === 0) return <p className="all-well">{t('estate.allWell')}</p>;
  return (
    <div className="news">
      {moving.length === 0 ? null : <MovingCard moving={moving} />}
      {red.length === 0 ? null : <RedCard red={red} />}
      {drifts.length === 0 ? null : <DriftCard drifts={drifts} />}
    </div>
  );
}

function MovingCard({ moving }: Pick<Props, 'moving'>) {
  const { t } = useTranslation();
  return (
    <Card isCompact className="news-moving">
      <CardTitle component="h2">{t('estate.moving', { count: moving.length })}</CardTitle>
      <CardBody>
        <ul>
          {moving.slice(0, most).map((one) => (
            <MovingItem key={one.deployment} one={one} />
          ))}
        </ul>
        {moving.length > most ? (
          <Link to="/deployments" search={{ state: 'running' }}>
            {t('estate.more', { count: moving.length - most })}
          </Link>
        ) : null}
      </CardBody>
    </Card>
  );
}

function MovingItem({ one }: { readonly one: EstateView['moving'][number] }) {
  const { t } = useTranslation();
  const what = t('estate.movingTo', { component: one.component, version: one.version, environment: one.environment });
  return (
    <li>
      <StateLabel state={one.state} />
      <Link to="/deployments/$id" params={{ id: one.deployment }}>
        {what}
      </Link>
      <Ago at={one.since} />
      {one.steps > 0 ? (
        <Progress aria-label={what} value={(100 * one.done) / one.steps} measureLocation={ProgressMeasureLocation.none} size="sm" />
      ) : null}
    </li>
  );
}

function RedCard({ red }: Pick<Props, 'red'>) {
  const { t } = useTranslation();
  return (
    <Card isCompact className="news-red">
      <CardTitle component="h2">{t('estate.red', { count: red.length })}</CardTitle>
      <CardBody>
        <ul>
          {red.slice(0, most).map((one) => (
            <RedItem key={`${one.component} ${one.environment} ${one.state}`} one={one} />
          ))}
        </ul>
        {red.length > most ? (
          <p className="news-more">
            {t('estate.moreRed', { count: red.length - most })}{' '}
            {(['down', 'degraded'] as const).map((state) => (
              <Link key={state} to="/" search={{ state }}>
                {t(`state.${state}`)}
              </Link>
            ))}
            {(['failed', 'rolled-back'] as const).map((state) => (
              <Link key={state} to="/deployments" search={{ state }}>
                {t(`state.${state}`)}
              </Link>
            ))}
          </p>
        ) : null}
      </CardBody>
    </Card>
  );
}

function RedItem({ one }: { readonly one: EstateView['red'][number] }) {
  const { t } = useTranslation();
  const { component, environment, version, deployment, state, reason, at } = one;
  const what = t('estate.redAt', { component, version, environment });
  const sick = deployment === null;
  return (
    <li>
      <StateLabel state={state} />
      {sick ? (
        <Link to="/components/$component" params={{ component }} search={{ environment, tab: 'instances' }}>
          {what}
        </Link>
      ) : (
        <Link to="/deployments/$id" params={{ id: deployment }}>
          {what}
        </Link>
      )}
      {at === null ? null : <Ago at={at} />}
      {sick ? (
        <p>
          {t('estate.ready', { ready: reason ?? '' })} <Why component={component} environment={environment} />
        </p>
      ) : (
        <p>
          <Said>{reason}</Said>
        </p>
      )}
    </li>
  );
}

/** Why instances do not serve, as the first of them says that can say it. */
function Why({ component, environment }: { readonly component: string; readonly environment: string }) {
  const instances = useQuery({ ...instancesQuery(component, environment), retry: false });
  return <Said>{instances.data?.items.find(({ reason }) => reason !== null)?.reason ?? null}</Said>;
}

function DriftCard({ drifts }: { readonly drifts: readonly DriftView[] }) {
  const { t } = useTranslation();
  return (
    <Card isCompact className="news-drift">
      <CardTitle component="h2">{t('estate.drifts', { count: drifts.length })}</CardTitle>
      <CardBody>
        <ul>
          {drifts.slice(0, most).map(({ id, component, environment, sentence, foundAt }) => (
            <li key={id}>
              <Link to="/drift" search={component === null ? {} : { component, ...(environment === null ? {} : { environment }) }}>
                {component === null ? t('drift.engine') : `${component} · ${environment}`}
              </Link>
              <Ago at={foundAt} />
              <p className="news-what">
                <Said>{sentence}</Said>
              </p>
            </li>
          ))}
        </ul>
        <Link to="/drift">{t('estate.allDrift')}</Link>
      </CardBody>
    </Card>
  );
}
