/** What kind of evidence it is and how it ended, in the words of the console. */
import { useTranslation } from 'react-i18next';

export function EvidenceName({ kind, outcome }: { readonly kind: string; readonly outcome: string }) {
  const { t } = useTranslation();
  return (
    <strong className={outcome === 'failed' ? 'evidence-failed' : ''}>
      {t(`evidence.${kind}`, { defaultValue: kind })} {t(outcome === 'passed' ? 'evidence.passed' : 'evidence.failed')}
    </strong>
  );
}
