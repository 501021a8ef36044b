/** What the record keeps beside what the change brings: its plan, what the gates said, which rule was overridden, whom it meets, what was measured. */
import type { ChangeView } from '@beluga/contract/change-schema';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Numbers } from '../../parts/numbers.tsx';
import { Said } from '../../parts/said.tsx';
import { Verdicts } from '../../parts/verdicts.tsx';
import { mayBeDecided } from './decide.tsx';
import { Fact } from './fact.tsx';
import { PlanSteps } from './plan-steps.tsx';

type Facts = { readonly facts: ChangeView['facts'] };

export function Record({ change }: { readonly change: ChangeView }) {
  const { t } = useTranslation();
  const { facts, ledger } = change;
  return (
    <>
      {facts.override === null ? null : (
        <Fact title={t('change.override')}>
          <Override override={facts.override} />
        </Fact>
      )}
      <Fact title={t('change.conflicts')}>
        <Conflicts facts={facts} />
      </Fact>
      {mayBeDecided(change) ? null : (
        <Fact title={t('change.plan')}>
          <PlanSteps plan={facts.plan} />
        </Fact>
      )}
      <Fact title={t('plan.gates')}>
        <Verdicts verdicts={facts.verdicts} />
      </Fact>
      {ledger === null ? null : (
        <Fact title={t('word.ledger')} wide>
          <Numbers ledger={ledger} />
        </Fact>
      )}
    </>
  );
}

function Override({
  override: { id, reason, requestedBy, approvedBy },
}: {
  readonly override: NonNullable<ChangeView['facts']['override']>;
}) {
  const { t } = useTranslation();
  return (
    <>
      <p>{reason}</p>
      <p className="quiet">
        {t('change.overrideBy', { who: requestedBy, other: approvedBy ?? '–' })} · <span translate="no">{id}</span>
      </p>
    </>
  );
}

function Conflicts({ facts: { conflicts } }: Facts) {
  const { t } = useTranslation();
  if (conflicts.length === 0) return <p className="quiet">{t('change.noConflicts')}</p>;
  return (
    <ul className="plain-list">
      {conflicts.map(({ change, component, version, relation }) => (
        <li key={change}>
          <Link to="/changes/$id" params={{ id: change }} translate="no">
            {`${component}@${version}`}
          </Link>{' '}
          <span className="quiet">
            <Said>{relation}</Said>
          </span>
        </li>
      ))}
    </ul>
  );
}
