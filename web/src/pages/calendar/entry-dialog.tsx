/** A new window or freeze: what it would hold up is shown while it is written, before it is recorded. */
import {
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { MomentField } from '../../parts/moment-field.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useEnvironments } from '../../queries.ts';
import { commandOf, criticalities, type Draft, firstDraft, isWhole, repeats, requestOf } from './draft.ts';
import { Preview } from './preview.tsx';

export type EntryKind = Draft['kind'];
type Props = { readonly kind: EntryKind; readonly environment: string; readonly timeZone: string; readonly close: () => void };

export function EntryDialog({ kind, environment, timeZone, close }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>(() => firstDraft(kind, environment, new Date()));
  const record = useRecord(draft, close);
  const whole = isWhole(draft);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (whole) record.mutate();
  };
  return (
    <Modal isOpen variant="large" onClose={close} aria-labelledby="entry-title" aria-describedby="entry-body" elementToFocus="#entry-name">
      <ModalHeader title={t(`calendar.new.${kind}`)} labelId="entry-title" description={t(`calendar.means.${kind}`)} />
      <ModalBody id="entry-body" tabIndex={0}>
        {record.error === null ? null : <FailureAlert error={record.error} />}
        <div className="entry-columns">
          <Form id="entry-form" onSubmit={submit}>
            <Fields draft={draft} timeZone={timeZone} change={(part) => setDraft((all) => ({ ...all, ...part }))} />
          </Form>
          <Preview draft={draft} />
        </div>
      </ModalBody>
      <ModalFooter className="plan-foot">
        <Button type="submit" form="entry-form" isDisabled={!whole || record.isPending} isLoading={record.isPending}>
          {t(`calendar.record.${kind}`)}
        </Button>
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>{commandOf(draft)}</CommandLine>
      </ModalFooter>
    </Modal>
  );
}

function useRecord(draft: Draft, close: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  return useMutation({
    mutationFn: () => client.addCalendarEntry(requestOf(draft)),
    onSuccess: async ({ entry: { id, name } }) => {
      const undo = async (): Promise<void> => {
        await client.removeCalendarEntry({ id });
        await queries.invalidateQueries({ queryKey: ['calendar'] });
      };
      say({
        kind: 'success',
        title: t('calendar.recorded', { name }),
        action: { words: t('act.undo'), act: () => void undo().catch(fail) },
      });
      await queries.invalidateQueries({ queryKey: ['calendar'] });
      close();
    },
  });
}

type FieldsProps = { readonly draft: Draft; readonly timeZone: string; readonly change: (part: Partial<Draft>) => void };

function Fields({ draft, timeZone, change }: FieldsProps) {
  const { t } = useTranslation();
  const environments = useEnvironments();
  return (
    <>
      <Field id="name" label={t('word.name')} hint={t('calendar.nameHint')}>
        <TextInput id="entry-name" value={draft.name} isRequired onChange={(_, name) => change({ name })} />
      </Field>
      <Field id="reason" label={t('calendar.reason')} hint={t('calendar.reasonHint')}>
        <TextInput id="entry-reason" value={draft.reason} onChange={(_, reason) => change({ reason })} />
      </Field>
      <div className="entry-times">
        <Field id="start" label={t('calendar.start')}>
          <MomentField id="entry-start" value={draft.start} isRequired change={(start) => change({ start })} />
        </Field>
        <Field id="stop" label={t('calendar.stop')} hint={t('calendar.wallClock', { zone: timeZone })}>
          <MomentField id="entry-stop" value={draft.end} isRequired change={(end) => change({ end })} />
        </Field>
      </div>
      <Field id="repeat" label={t('calendar.repeat')}>
        <FormSelect
          id="entry-repeat"
          value={draft.repeat}
          onChange={(_, repeat) => change({ repeat: repeats.find((one) => one === repeat) ?? 'never' })}
        >
          {repeats.map((one) => (
            <FormSelectOption key={one} value={one} label={t(`repeat.${one}`)} />
          ))}
        </FormSelect>
      </Field>
      <Several
        label={t('calendar.where')}
        options={environments.map((value) => ({ value, words: value }))}
        chosen={draft.environments}
        change={(chosen) => change({ environments: chosen })}
      />
      <Several
        label={t('calendar.criticality')}
        options={criticalities.map((value) => ({ value, words: t(`criticality.${value}`) }))}
        chosen={draft.criticality}
        change={(chosen) => change({ criticality: criticalities.filter((one) => chosen.includes(one)) })}
      />
      <Field id="systems" label={t('calendar.systems')} hint={t('calendar.systemsHint')}>
        <TextInput id="entry-systems" value={draft.systems} onChange={(_, systems) => change({ systems })} />
      </Field>
    </>
  );
}

type FieldProps = { readonly id: string; readonly label: string; readonly hint?: string; readonly children: ReactNode };

function Field({ id, label, hint, children }: FieldProps) {
  return (
    <FormGroup label={label} fieldId={`entry-${id}`}>
      {children}
      {hint === undefined ? null : (
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{hint}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}

type SeveralProps = {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly words: string }[];
  readonly chosen: readonly string[];
  readonly change: (chosen: readonly string[]) => void;
};

function Several({ label, options, chosen, change }: SeveralProps) {
  const turn = (value: string, on: boolean): void => change(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return (
    <FormGroup label={label} role="group" isInline>
      {options.map(({ value, words }) => (
        <Checkbox
          key={value}
          id={`entry-${value}`}
          label={words}
          isChecked={chosen.includes(value)}
          onChange={(_, on) => turn(value, on)}
        />
      ))}
    </FormGroup>
  );
}
