/** The numbers of a ledger: what was sent, what failed, the longest gap, how long answers took. */
import type { LedgerView } from '@beluga/contract/api-schema';
import { useTranslation } from 'react-i18next';

export function Numbers({ ledger }: { readonly ledger: LedgerView }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const rows = [
    { words: t('ledger.sent'), value: number.format(ledger.sent) },
    { words: t('ledger.failed'), value: number.format(ledger.failed), bad: ledger.failed > 0 },
    { words: t('ledger.gap'), value: `${number.format(ledger.longestGapMs)} ms` },
    { words: t('ledger.p50'), value: `${number.format(ledger.p50Ms)} ms` },
    { words: t('ledger.p99'), value: `${number.format(ledger.p99Ms)} ms` },
  ];
  return (
    <dl className="numbers">
      {rows.map(({ words, value, bad = false }) => (
        <div key={words} className={bad ? 'bad' : ''}>
          <dt>{words}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
