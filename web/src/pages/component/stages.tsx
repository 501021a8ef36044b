/** The stages side by side, with what is between each and the one before. */

import type { ComponentPageView, StageView } from '@beluga/contract/console-schema';
import { Card, CardBody, CardFooter, CardTitle } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { driftQuery, type PlanWish, planQuery } from '../../queries.ts';
import { Configuration, Layers } from '../change/delta.tsx';
import { Commits } from './commits.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import { StageActions } from './stage-actions.tsx';

export type Wish = { readonly kind: 'deploy' | 'rollback'; readonly stage: StageView };

export function Stages({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const [wish, want] = useState<Wish | null>(null);
  const { name } = page.component;
  const close = (): void => want(null);
  return (
    <>
      <ol className="stages" aria-label={t('tab.stages')}>
        {page.stages.map((stage) => (
          <li key={stage.environment}>
            <Between stage={stage} component={name} />
            <Stage stage={stage} component={name} want={want} />
          </li>
        ))}
      </ol>
      {wish?.kind === 'deploy' ? <PlanDialog component={name} stage={wish.stage} close={close} /> : null}
      {wish?.kind === 'rollback' ? <RollbackDialog component={name} stage={wish.stage} close={close} /> : null}
    </>
  );
}

function Between({ stage, component }: { readonly stage: StageView; readonly component: string }) {
  const { t } = useTranslation();
  const [open, turn] = useState(false);
  const { next, between, environment } = stage;
  const count = between.length;
  if (next === null) return <div className="between between-none" aria-hidden="true" />;
  return (
    <details className="between" onToggle={(event) => turn(event.currentTarget.open)}>
      <summary>{count === 0 ? t('stage.older', { version: next }) : t('stage.between', { count })}</summary>
      <Commits releases={between} />
      {open ? <Brings wish={{ component, environment, version: next }} /> : null}
    </details>
  );
}

/** What else is between the two stages: how their configuration and layers differ. */
function Brings({ wish }: { readonly wish: PlanWish }) {
  const plan = useQuery(planQuery(wish));
  return (
    <Loaded query={plan} rows={2}>
      {({ delta }) => (
        <>
          <Configuration delta={delta} />
          <Layers delta={delta} />
        </>
      )}
    </Loaded>
  );
}

type StageProps = { readonly stage: StageView; readonly component: string; readonly want: (wish: Wish) => void };

function Stage({ stage, component, want }: StageProps) {
  const { t } = useTranslation();
  const { environment, current, state } = stage;
  return (
    <Card isFullHeight className={`stage${current === null ? ' stage-empty' : ''}`}>
      <CardTitle component="h2">
        <span translate="no">{environment}</span>
        {state === null ? null : <StateLabel state={state} />}
      </CardTitle>
      <CardBody>
        {current === null ? (
          <p className="nothing-here">{t('stage.nothing')}</p>
        ) : (
          <Installed stage={stage} current={current} component={component} />
        )}
      </CardBody>
      <CardFooter>
        <StageActions stage={stage} want={want} />
      </CardFooter>
    </Card>
  );
}

type InstalledProps = { readonly stage: StageView; readonly current: NonNullable<StageView['current']>; readonly component: string };

function Installed({ stage, current, component }: InstalledProps) {
  const { t } = useTranslation();
  const { ready, wanted, address, environment, last } = stage;
  const drifts = useQuery(driftQuery).data?.items.filter((one) => one.component === component && one.environment === environment) ?? [];
  return (
    <>
      <p className="stage-version" translate="no">
        {current.version}
      </p>
      {current.commit === null ? null : (
        <p className="stage-commit" title={current.commit.subject}>
          {current.commit.subject}
        </p>
      )}
      <p className="quiet">
        <Link to="/deployments/$id" params={{ id: current.deployment }}>
          {t('stage.installed')} <Ago at={current.installedAt} />
        </Link>
        {' · '}
        {current.installedBy}
      </p>
      {wanted === null ? null : (
        <p>
          <Link to="/components/$component" params={{ component }} search={{ tab: 'instances', environment }}>
            {t('stage.ready', { ready: ready ?? 0, count: wanted })}
          </Link>
        </p>
      )}
      {drifts.length === 0 ? null : (
        <p>
          <Link to="/drift" search={{ component, environment }} className="drift-mark">
            {t('stage.drifts', { count: drifts.length })}
          </Link>
        </p>
      )}
      {address === null ? null : (
        <p>
          <a href={address} target="_blank" rel="noreferrer" translate="no">
            {address.replace(/^https?:\/\//, '')}
          </a>
        </p>
      )}
      {last === null || last.state === 'succeeded' ? null : <Setback last={last} />}
    </>
  );
}

function Setback({ last }: { readonly last: NonNullable<StageView['last']> }) {
  return (
    <div className="setback">
      <StateLabel state={last.state} />
      <Link to="/deployments/$id" params={{ id: last.deployment }} translate="no">
        {last.version}
      </Link>
      <p className="quiet clamp">
        <Said>{last.reason}</Said>
      </p>
    </div>
  );
}
