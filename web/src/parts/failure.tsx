/** What went wrong, in a sentence, and what to do about it. */
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api.ts';
import { Notice } from './notice.tsx';

export function FailureAlert({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const { code, sentence, remedy } = failureOf(error);
  const shown = code === 'unreachable' ? t('failure.unreachable') : sentence;
  return (
    <Notice kind="danger" title={shown}>
      {remedy === null ? null : (
        <p lang={code === 'unreachable' ? undefined : 'en'}>{code === 'unreachable' ? t('failure.unreachableRemedy') : remedy}</p>
      )}
    </Notice>
  );
}
