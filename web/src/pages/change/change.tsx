/** One change with its facts: nobody filled in a form. */

import type { ChangeView, ShownChangeView } from '@beluga/contract/change-schema';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago, At } from '../../parts/time.tsx';
import { Decide } from './decide.tsx';
import { Delta } from './delta.tsx';
import { EvidenceName } from './evidence-name.tsx';
import { Fact } from './fact.tsx';
import { ChangeState, RiskLabel, states } from './labels.tsx';
import { Record } from './record.tsx';
import { Review } from './review.tsx';

const route = getRouteApi('/changes/$id');

export function ChangePage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const query = useQuery({ queryKey: ['change', id], queryFn: () => client.showChange({ id }) });
  const { data } = query;
  return (
    <Page
      title={
        data === undefined
          ? id
          : t('change.title', { component: data.facts.component, version: data.facts.version, environment: data.facts.environment })
      }
      trail={[{ words: t('page.changes'), to: '/changes' }]}
      label={data === undefined ? null : <ChangeState change={data} />}
      text={data === undefined ? undefined : <Facts change={data} />}
    >
      <Loaded query={query}>{(change) => <Whole change={change} />}</Loaded>
    </Page>
  );
}

function Facts({ change }: { readonly change: ChangeView }) {
  const { t } = useTranslation();
  const { id, kind, deployment, facts } = change;
  return (
    <>
      <span translate="no">{id}</span>
      {` · ${t(`changeKind.${kind}`)} · `}
      <Link to="/deployments/$id" params={{ id: deployment }}>
        {t('word.deployment')}
      </Link>
      {` · ${t('deployment.askedBy', { who: facts.requestedBy })} `}
      <Ago at={change.openedAt} />
    </>
  );
}

function Whole({ change }: { readonly change: ShownChangeView }) {
  const { t } = useTranslation();
  const { facts } = change;
  return (
    <div className="deployment">
      <Way change={change} />
      <Review change={change} />
      <Decide change={change} />
      <div className="facts">
        <Fact title={t('change.brings')} wide>
          <Delta delta={facts.delta} first={facts.formerVersion === null} />
        </Fact>
        <Fact title={t('change.why')}>
          <Conditions facts={facts} />
        </Fact>
        <Fact title={t('word.risk')}>
          <Risk facts={facts} />
        </Fact>
        <Fact title={t('change.verified')}>
          <Verified facts={facts} />
        </Fact>
        <Fact title={t('change.neighbours')}>
          <Neighbours facts={facts} />
        </Fact>
        <Fact title={t('change.wayBack')}>
          <WayBack facts={facts} />
        </Fact>
        <Fact title={t('change.approvals')}>
          <Approvals facts={facts} />
        </Fact>
        <Record change={change} />
      </div>
      <CommandLine>{`beluga change show ${change.id}`}</CommandLine>
    </div>
  );
}

function Way({ change: { times, state } }: { readonly change: ChangeView }) {
  const { t } = useTranslation();
  const passed = states.filter((one) => times[one] !== undefined);
  return (
    <ol className="way" aria-label={t('change.way')}>
      {passed.map((one) => (
        <li key={one} aria-current={one === state ? 'step' : undefined}>
          <strong>{t(`changeState.${one}`)}</strong>
          <At at={times[one] ?? ''} />
        </li>
      ))}
    </ol>
  );
}

type FactsProps = { readonly facts: ChangeView['facts'] };

function Conditions({ facts }: FactsProps) {
  const { t } = useTranslation();
  return (
    <ul className="verdicts">
      {facts.conditions.map(({ name, met, reason }) => (
        <li key={name}>
          <StateLabel state={met ? 'met' : 'unmet'} />
          <Said>{reason}</Said>
        </li>
      ))}
      {facts.conditions.length === 0 ? <li className="quiet">{t('change.noConditions')}</li> : null}
    </ul>
  );
}

function Risk({ facts: { risk } }: FactsProps) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        <RiskLabel level={risk.level} /> {t('change.points', { count: risk.points })}
      </p>
      <ul className="plain-list">
        {risk.reasons.map(({ points, reason }) => (
          <li key={reason}>
            <strong>{points}</strong> <Said>{reason}</Said>
          </li>
        ))}
      </ul>
    </>
  );
}

function Verified({ facts }: FactsProps) {
  const { t } = useTranslation();
  return (
    <ul className="plain-list">
      {facts.verifications.map(({ environment, deployment, at }) => (
        <li key={environment}>
          <Link to="/deployments/$id" params={{ id: deployment }} translate="no">
            {environment}
          </Link>{' '}
          <Ago at={at} />
        </li>
      ))}
      {facts.evidence.map(({ kind, outcome, summary, recordedAt }) => (
        <li key={`${kind} ${recordedAt}`}>
          <EvidenceName kind={kind} outcome={outcome} /> <Said>{summary}</Said>
        </li>
      ))}
      {facts.verifications.length + facts.evidence.length === 0 ? <li className="quiet">{t('change.noEvidence')}</li> : null}
    </ul>
  );
}

function Neighbours({ facts }: FactsProps) {
  const { t } = useTranslation();
  if (facts.neighbours.length === 0) return <p className="quiet">{t('change.noNeighbours')}</p>;
  return (
    <ul className="plain-list">
      {facts.neighbours.map(({ component, criticality }) => (
        <li key={component}>
          <Link to="/components/$component" params={{ component }} translate="no">
            {component}
          </Link>{' '}
          <span className="quiet">{t(`criticality.${criticality}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function WayBack({ facts: { rollback } }: FactsProps) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        <strong>{t(`proof.${rollback.proof}`, { version: rollback.version ?? '' })}</strong>
      </p>
      <p className="quiet">
        <Said>{rollback.reason}</Said>
      </p>
    </>
  );
}

function Approvals({ facts }: FactsProps) {
  const { t } = useTranslation();
  if (facts.approvals.length === 0) return <p className="quiet">{t('change.noApprovals')}</p>;
  return (
    <ul className="plain-list">
      {facts.approvals.map(({ who, decision, at, reason }) => (
        <li key={`${who} ${at}`}>
          <strong>{t(`decision.${decision}`, { who })}</strong> <Ago at={at} /> {reason}
        </li>
      ))}
    </ul>
  );
}
