/** A new train: its name and its four dates, in their order. */
import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { MomentField } from '../../parts/moment-field.tsx';
import { trainDates } from '../../parts/train-dates.ts';

type Draft = { readonly name: string } & Readonly<Record<(typeof trainDates)[number], string>>;
/** In days from today; a person changes what they want. */
const ahead: Readonly<Record<(typeof trainDates)[number], number>> = { opensAt: 0, locksAt: 21, rehearsalAt: 28, departsAt: 42 };

export function NewTrainDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>(() => firstDraft(new Date()));
  const create = useCreate(draft, close);
  const whole = draft.name.trim() !== '' && trainDates.every((date) => draft[date] !== '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (whole) create.mutate();
  };
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="train-title" aria-describedby="train-body" elementToFocus="#train-name">
      <ModalHeader title={t('trains.new')} labelId="train-title" description={t('trains.newText')} />
      <ModalBody id="train-body" tabIndex={0}>
        {create.error === null ? null : <FailureAlert error={create.error} />}
        <Form id="train-form" onSubmit={submit}>
          <FormGroup label={t('word.name')} fieldId="train-name">
            <TextInput
              id="train-name"
              value={draft.name}
              placeholder={t('trains.example')}
              isRequired
              onChange={(_, name) => setDraft({ ...draft, name })}
            />
          </FormGroup>
          <div className="train-dates">
            {trainDates.map((date) => (
              <FormGroup key={date} label={t(`trainDate.${date}`)} fieldId={`train-${date}`}>
                <MomentField
                  id={`train-${date}`}
                  value={draft[date]}
                  isRequired
                  change={(value) => setDraft((all) => ({ ...all, [date]: value }))}
                />
              </FormGroup>
            ))}
          </div>
        </Form>
      </ModalBody>
      <ModalFooter className="plan-foot">
        <Button type="submit" form="train-form" isDisabled={!whole || create.isPending} isLoading={create.isPending}>
          {t('trains.create')}
        </Button>
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>
          {`beluga train create ${draft.name.trim() || 'NAME'} --opens ${draft.opensAt} --locks ${draft.locksAt} --rehearsal ${draft.rehearsalAt} --departure ${draft.departsAt}`}
        </CommandLine>
      </ModalFooter>
    </Modal>
  );
}

function useCreate(draft: Draft, close: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const at = (local: string): string => new Date(local).toISOString();
  return useMutation({
    mutationFn: () => {
      const { name, opensAt, locksAt, rehearsalAt, departsAt } = draft;
      const times = { opensAt: at(opensAt), locksAt: at(locksAt), rehearsalAt: at(rehearsalAt), departsAt: at(departsAt) };
      return client.createTrain({ name: name.trim(), ...times });
    },
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({ queryKey: ['trains'] });
      close();
      await navigate({ to: '/trains/$train', params: { train: name } });
    },
  });
}

function firstDraft(now: Date): Draft {
  const two = (value: number): string => String(value).padStart(2, '0');
  const at = (days: number): string => {
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${days === 0 ? '00:00' : '08:00'}`;
  };
  return {
    name: '',
    opensAt: at(ahead.opensAt),
    locksAt: at(ahead.locksAt),
    rehearsalAt: at(ahead.rehearsalAt),
    departsAt: at(ahead.departsAt),
  };
}
