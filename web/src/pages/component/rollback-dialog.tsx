/** Going back to the former release: what it means, then the button. */

import type { StageView } from '@beluga/contract/console-schema';
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';

type Props = { readonly component: string; readonly stage: StageView; readonly close: () => void };

export function RollbackDialog({ component, stage, close }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { environment, former, current } = stage;
  const back = useMutation({
    mutationFn: () => client.rollBack({ component, environment, ...(former === null ? {} : { version: former }) }),
    onSuccess: ({ id }) => {
      close();
      void navigate({ to: '/deployments/$id', params: { id } });
    },
  });
  const words = { component, environment, former: former ?? '', version: current?.version ?? '' };
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="back-title" aria-describedby="back-body">
      <ModalHeader title={t('back.title', words)} labelId="back-title" />
      <ModalBody id="back-body">
        {back.error === null ? null : <FailureAlert error={back.error} />}
        <p>{t('back.text', words)}</p>
        {stage.proof === null ? null : <p className="quiet">{t(`back.proof.${stage.proof}`)}</p>}
      </ModalBody>
      <ModalFooter className="plan-foot">
        <Button variant="warning" isLoading={back.isPending} isDisabled={back.isPending} onClick={() => back.mutate()}>
          {t('back.go', words)}
        </Button>
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>{`beluga rollback ${component} --env ${environment} --to ${former}`}</CommandLine>
      </ModalFooter>
    </Modal>
  );
}
