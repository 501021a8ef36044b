/** What went wrong, in a sentence, and what to do about it. */
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api.ts';
import { Notice } from './notice.tsx';
import { Said } from './said.tsx';

export function FailureAlert({ error }: { readonly error: unknown }) {
  return (
    <Notice kind="danger" title={<FailureTitle error={error} />}>
      <p>
        <FailureText error={error} />
      </p>
    </Notice>
  );
}

/** The sentence, in the words and the language that are known of it. */
export function FailureTitle({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const { code, sentence } = failureOf(error);
  if (code === 'unreachable' || code === 'unforeseen') return <>{t(`failure.${code}`)}</>;
  return <Said>{sentence}</Said>;
}

/** What to do about it; of what nobody foresaw, what the browser says, which speaks English to programs. */
export function FailureText({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const { code, sentence, remedy } = failureOf(error);
  if (code === 'unreachable') return <>{t('failure.unreachableRemedy')}</>;
  if (code === 'unforeseen') return <span lang="en">{sentence}</span>;
  return <Said>{remedy}</Said>;
}
