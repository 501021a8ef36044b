/** What a plan says beside gates and commits: layers, packages, vulnerabilities, configuration, evidence, and whether one could come back. */

import type { ShownPlanView } from '@beluga/contract/change-schema';
import { useTranslation } from 'react-i18next';
import { Said } from '../../parts/said.tsx';
import { Ago } from '../../parts/time.tsx';
import { Configuration, Layers, Vulnerabilities } from '../change/delta.tsx';
import { EvidenceName } from '../change/evidence-name.tsx';
import { Packages } from '../change/packages.tsx';

export function PlanFacts({ plan }: { readonly plan: ShownPlanView }) {
  const { t } = useTranslation();
  const { delta, evidence, rollback } = plan;
  const first = plan.formerVersion === null;
  return (
    <div className="delta">
      <Layers delta={delta} />
      <Packages delta={delta} first={first} />
      <Vulnerabilities delta={delta} first={first} />
      <Configuration delta={delta} />
      <section>
        <h3>{t('plan.evidence')}</h3>
        <ul className="plain-list">
          {evidence.map(({ kind, outcome, summary, recordedAt }) => (
            <li key={kind}>
              <EvidenceName kind={kind} outcome={outcome} /> <Said>{summary}</Said>{' '}
              <span className="quiet">
                <Ago at={recordedAt} />
              </span>
            </li>
          ))}
          {evidence.length === 0 ? <li className="quiet">{t('change.noEvidence')}</li> : null}
        </ul>
      </section>
      <section>
        <h3>{t('change.wayBack')}</h3>
        <p>{t(`proof.${rollback.proof}`, { version: rollback.version ?? '' })}</p>
        <p className="quiet">
          <Said>{rollback.reason}</Said>
        </p>
      </section>
    </div>
  );
}
