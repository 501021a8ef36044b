/** The answers of the gates: open, closed or waiting, why, what to do, and when time alone opens one. */
import type { VerdictView } from '@beluga/contract/api-schema';
import { useTranslation } from 'react-i18next';
import { Said } from './said.tsx';
import { StateLabel } from './states.tsx';
import { Ago, At } from './time.tsx';

/** A change keeps the first three of each. */
type Kept = { readonly gate: string; readonly verdict: string; readonly reason: string } & Partial<
  Pick<VerdictView, 'remedy' | 'who' | 'opensAt'>
>;

export function Verdicts({ verdicts }: { readonly verdicts: readonly Kept[] }) {
  const { t } = useTranslation();
  if (verdicts.length === 0) return <p className="quiet">{t('gate.none')}</p>;
  return (
    <ul className="verdicts">
      {verdicts.map((verdict) => (
        <Verdict key={verdict.gate} verdict={verdict} />
      ))}
    </ul>
  );
}

function Verdict({ verdict: { gate, verdict, reason, remedy = null, who = null, opensAt = null } }: { readonly verdict: Kept }) {
  const { t } = useTranslation();
  const names: Readonly<Record<string, string>> = t('gate.names', { returnObjects: true });
  return (
    <li>
      <StateLabel state={verdict} />
      <strong>{names[gate] ?? gate}</strong>
      <p>
        <Said>{reason}</Said>{' '}
        {remedy === null ? null : (
          <em>
            <Said>{remedy}</Said>
          </em>
        )}
      </p>
      {who === null || verdict === 'open' ? null : (
        <p className="quiet">
          {t('gate.who')} <Said>{who}</Said>
        </p>
      )}
      {opensAt === null ? null : (
        <p>
          {t('gate.opens')} <At at={opensAt} /> (<Ago at={opensAt} coming />)
        </p>
      )}
    </li>
  );
}
