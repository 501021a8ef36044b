/** What went wrong, in a sentence, and what to do about it. */
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api.ts';
import { Notice } from './notice.tsx';
import { Said, useSaid } from './said.tsx';

export function FailureAlert({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const { code, sentence, remedy } = failureOf(error);
  const said = useSaid();
  if (code === 'unreachable') {
    return (
      <Notice kind="danger" title={t('failure.unreachable')}>
        <p>{t('failure.unreachableRemedy')}</p>
      </Notice>
    );
  }
  return (
    <Notice kind="danger" title={said(sentence).words}>
      {remedy === null ? null : (
        <p>
          <Said>{remedy}</Said>
        </p>
      )}
    </Notice>
  );
}
