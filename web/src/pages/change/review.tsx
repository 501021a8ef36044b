/** Looking back at a change that has ended, where somebody must. */

import type { ChangeView } from '@beluga/contract/change-schema';
import { ActionGroup, Button, Form, FormGroup, TextArea } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { FailureAlert } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Ago } from '../../parts/time.tsx';

export function Review({ change }: { readonly change: ChangeView }) {
  const { t } = useTranslation();
  if (change.review !== null) {
    const { by, at, note } = change.review;
    return (
      <Notice kind="info" title={t('review.done', { who: by })}>
        <p>{note}</p>
        <Ago at={at} />
      </Notice>
    );
  }
  return change.reviewDue ? <ReviewForm id={change.id} /> : null;
}

function ReviewForm({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const review = useMutation({
    mutationFn: () => client.reviewChange({ id, note }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['change', id] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    review.mutate();
  };
  return (
    <Notice kind="warning" title={t('review.due')}>
      <Form onSubmit={submit}>
        {review.error === null ? null : <FailureAlert error={review.error} />}
        <FormGroup label={t('review.note')} fieldId="review-note" isRequired>
          <TextArea id="review-note" value={note} onChange={(_, value) => setNote(value)} isRequired resizeOrientation="vertical" />
        </FormGroup>
        <ActionGroup>
          <Button type="submit" isDisabled={note.trim() === '' || review.isPending}>
            {t('review.go')}
          </Button>
        </ActionGroup>
      </Form>
    </Notice>
  );
}
