/** The automation map: for each application system the steps from infrastructure to operation, from what the platform did. */

import type { AutomationView } from '@beluga/contract/automation-schema';
import { Label, Toolbar, ToolbarContent } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { SystemChoice } from '../../parts/choice.tsx';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import './automation.css';

const route = getRouteApi('/automation');
const states = ['automated', 'possible', 'impossible'] as const;
const colours = { automated: 'green', possible: 'blue', impossible: 'grey' } as const;
type Step = AutomationView['steps'][number];

export function AutomationPage() {
  const { t } = useTranslation();
  const { system } = route.useSearch();
  const navigate = route.useNavigate();
  const wish = system === undefined ? {} : { system };
  const query = useQuery({
    queryKey: ['automation', wish],
    queryFn: () => client.mapAutomation(wish),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    meta: { rests: true },
  });
  return (
    <Page title={t('page.automation')} text={t('automation.text')}>
      <Toolbar className="filters">
        <ToolbarContent>
          <SystemChoice value={system} change={(chosen) => void navigate({ search: { system: chosen }, replace: true })} />
        </ToolbarContent>
      </Toolbar>
      <Loaded query={query} rows={8}>
        {({ items }) => (items.length === 0 ? <Nothing /> : <Whole systems={items} system={system} />)}
      </Loaded>
    </Page>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <Empty title={t('automation.none')}>
      <p>{t('estate.nothingText')}</p>
      <CommandLine>beluga ship</CommandLine>
    </Empty>
  );
}

function Whole({ systems, system }: { readonly systems: readonly AutomationView[]; readonly system: string | undefined }) {
  const [only] = systems;
  return (
    <div className="estate">
      <Summary steps={systems.flatMap(({ steps }) => steps)} />
      {system !== undefined && only !== undefined ? <Steps of={only} /> : <AutomationMap systems={systems} />}
      <CommandLine>{`beluga automation${system === undefined ? '' : ` ${system}`}`}</CommandLine>
    </div>
  );
}

/** How much of the whole is in which state: one bar, and its words. */
function Summary({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation();
  const counts = states.map((state) => ({ state, count: steps.filter((step) => step.state === state).length }));
  return (
    <div className="automation-summary">
      <div className="automation-bar" aria-hidden="true">
        {counts.map(({ state, count }) => (
          <span key={state} className={`is-${state}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="legend">
        {counts.map(({ state, count }) => (
          <li key={state}>
            <span className={`automation-sign is-${state}`} aria-hidden="true" />
            {t(`automation.counts.${state}`, { count, share: Math.round((100 * count) / Math.max(1, steps.length)) })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function AutomationMap({ systems }: { readonly systems: readonly AutomationView[] }) {
  const { t } = useTranslation();
  const steps = systems[0]?.steps ?? [];
  return (
    <div className="automation-box">
      <table className="automation-map" aria-label={t('page.automation')}>
        <thead>
          <tr>
            <th scope="col">{t('automation.system')}</th>
            {steps.map(({ step }) => (
              <th key={step} scope="col">
                <span>{t(`automationStep.${step}`)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {systems.map((one) => (
            <tr key={one.system}>
              <th scope="row">
                <Link to="/automation" search={{ system: one.system }} translate="no">
                  {one.system}
                </Link>
                <small>{t('estate.shown', { count: one.components })}</small>
              </th>
              {one.steps.map((step) => (
                <Cell key={step.step} step={step} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function useWhy(): (step: Step) => string | null {
  const { t } = useTranslation();
  return ({ step, reason }) =>
    reason === null ? null : reason === 'not-yet' ? t(`automationHow.${step}`) : t(`automationReason.${reason}`);
}

function Cell({ step }: { readonly step: Step }) {
  const { t } = useTranslation();
  const why = useWhy()(step);
  const words = step.state === 'automated' ? t('automation.times', { count: step.count }) : t(`automation.states.${step.state}`);
  return (
    <td title={[t(`automationStep.${step.step}`), words, why].filter((one) => one !== null).join(' · ')}>
      <span className={`automation-sign is-${step.state}`} role="img" aria-label={words} />
    </td>
  );
}

/** One system: every step with how often, or why not and what to do. */
function Steps({ of: { steps } }: { readonly of: AutomationView }) {
  const { t } = useTranslation();
  const whyOf = useWhy();
  return (
    <ol className="automation-steps">
      {steps.map((step) => (
        <li key={step.step}>
          <Label isCompact variant="outline" color={colours[step.state]}>
            {t(`automation.states.${step.state}`)}
          </Label>
          <strong>{t(`automationStep.${step.step}`)}</strong>
          {step.state === 'automated' ? (
            <span>
              {t('automation.times', { count: step.count })}
              {step.last === null ? null : (
                <span className="quiet">
                  {' · '}
                  <Ago at={step.last} />
                </span>
              )}
            </span>
          ) : (
            <span>{whyOf(step)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
