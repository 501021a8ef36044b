/** What can be done with a train as it stands; moves are shown with what they mean before they begin. */

import type { ShownTrainView } from '@beluga/contract/train-schema';
import { Button, type ButtonProps, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { MomentField } from '../../parts/moment-field.tsx';

const doings = ['rehearse', 'depart', 'rollBack', 'lock', 'reopen', 'cancel'] as const;
type Doing = (typeof doings)[number];
type Looks = { readonly variant: NonNullable<ButtonProps['variant']>; readonly command: string };
const looks: Readonly<Record<Doing, Looks>> = {
  rehearse: { variant: 'primary', command: 'rehearse' },
  depart: { variant: 'primary', command: 'depart' },
  rollBack: { variant: 'warning', command: 'rollback' },
  lock: { variant: 'secondary', command: 'lock' },
  reopen: { variant: 'secondary', command: 'reopen' },
  cancel: { variant: 'link', command: 'cancel' },
};

export function TrainActions({ shown }: { readonly shown: ShownTrainView }) {
  const { t } = useTranslation();
  const [asked, ask] = useState<Doing | null>(null);
  const { can, prognosis } = shown;
  // A rehearsed train departs next: rehearsing it again stands beside.
  const first: Doing | null = prognosis.next === null ? null : prognosis.next.kind === 'departure' ? 'depart' : 'rehearse';
  return (
    <div className="page-actions">
      {doings
        .filter((doing) => can[doing])
        .map((doing) => (
          <Button
            key={doing}
            variant={looks[doing].variant === 'primary' && doing !== first ? 'secondary' : looks[doing].variant}
            onClick={() => ask(doing)}
          >
            {t(`trainDo.${doing}`)}
          </Button>
        ))}
      {asked === null ? null : <Confirm doing={asked} shown={shown} close={() => ask(null)} />}
    </div>
  );
}

type ConfirmProps = { readonly doing: Doing; readonly shown: ShownTrainView; readonly close: () => void };

function Confirm({ doing, shown, close }: ConfirmProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { train, prognosis } = shown;
  const [locksAt, setLocksAt] = useState('');
  const [reason, setReason] = useState('');
  const act = useMutation({
    mutationFn: () => perform(doing, train.name, locksAt, reason.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries();
      close();
    },
  });
  const words = { train: train.name, count: train.members.length };
  const moves = doing === 'rehearse' || doing === 'depart';
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="do-title" aria-describedby="do-body">
      <ModalHeader title={t(`trainDo.titles.${doing}`, words)} labelId="do-title" />
      <ModalBody id="do-body">
        {act.error === null ? null : <FailureAlert error={act.error} />}
        <p>{t(`trainDo.texts.${doing}`, words)}</p>
        {moves ? <Waves members={prognosis.members} /> : null}
        {doing === 'reopen' ? (
          <FormGroup label={t('trainDate.locksAt')} fieldId="reopen-until">
            <MomentField id="reopen-until" value={locksAt} change={setLocksAt} />
          </FormGroup>
        ) : null}
        {doing === 'rollBack' ? (
          <FormGroup label={t('trainDo.reason')} fieldId="rollback-reason">
            <TextInput id="rollback-reason" value={reason} maxLength={500} onChange={(_, text) => setReason(text)} />
          </FormGroup>
        ) : null}
      </ModalBody>
      <ModalFooter className="plan-foot">
        <Button
          variant={doing === 'rollBack' || doing === 'cancel' ? 'warning' : 'primary'}
          isLoading={act.isPending}
          isDisabled={act.isPending || (doing === 'reopen' && locksAt === '')}
          onClick={() => act.mutate()}
        >
          {t(`trainDo.${doing}`)}
        </Button>
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>{`beluga train ${looks[doing].command} ${train.name}${optionsOf(doing, locksAt, reason.trim())}`}</CommandLine>
      </ModalFooter>
    </Modal>
  );
}

function optionsOf(doing: Doing, locksAt: string, reason: string): string {
  if (doing === 'reopen') return ` --locks ${locksAt}`;
  return reason === '' ? '' : ` --reason "${reason}"`;
}

function perform(doing: Doing, train: string, locksAt: string, reason: string): Promise<unknown> {
  if (doing === 'lock') return client.lockTrain({ train });
  if (doing === 'cancel') return client.cancelTrain({ train });
  if (doing === 'reopen') return client.reopenTrain({ train, locksAt: new Date(locksAt).toISOString() });
  const kinds = { rehearse: 'rehearsal', depart: 'departure', rollBack: 'rollback' } as const;
  return client.moveTrain({ train, kind: kinds[doing], ...(reason === '' ? {} : { reason }) });
}

function Waves({ members }: { readonly members: ShownTrainView['prognosis']['members'] }) {
  const { t } = useTranslation();
  const waves = [...Map.groupBy(members, ({ wave }) => wave ?? 0)].toSorted(([a], [b]) => a - b);
  return (
    <ol className="waves">
      {waves.map(([wave, moved]) => (
        <li key={wave}>
          <h2>{wave === 0 ? t('train.noWave') : t('train.waveNumber', { number: wave })}</h2>
          <p translate="no">{moved.map(({ component, version }) => `${component}@${version}`).join(', ')}</p>
        </li>
      ))}
    </ol>
  );
}
