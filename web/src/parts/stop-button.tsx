/** The stop button: nothing starts anywhere while it is pressed, and every page says so. */
import { Banner, Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextArea } from '@patternfly/react-core';
import { BanIcon } from '@patternfly/react-icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../api.ts';
import { CommandLine } from './empty.tsx';
import { FailureAlert } from './failure.tsx';
import { Ago } from './time.tsx';
import { useToasts } from './toasts.tsx';

function useLine() {
  return useQuery({ queryKey: ['line'], queryFn: () => client.showLine() }).data?.stopped ?? null;
}

/** In the masthead; gone while the line is stopped, when the banner stands for it. */
export function StopButton({ ask }: { readonly ask: () => void }) {
  const { t } = useTranslation();
  if (useLine() !== null) return null;
  return (
    <Button variant="danger" className="stop-button" icon={<BanIcon />} aria-label={t('stop.button')} onClick={ask}>
      <span className="wide">{t('stop.button')}</span>
    </Button>
  );
}

/** Above every page while the line is stopped: who stopped it, why, and the way out. */
export function StopBanner() {
  const { t } = useTranslation();
  const stopped = useLine();
  const [asked, ask] = useState(false);
  if (stopped === null) return null;
  return (
    <Banner color="red" screenReaderText={t('notice.warning')} className="stop-banner">
      <div role="status">
        <BanIcon aria-hidden="true" />
        <strong>{t('stop.stopped', { who: stopped.by })}</strong>
        <span className="clamp">{stopped.reason}</span>
        <Ago at={stopped.at} />
        <Button variant="secondary" size="sm" onClick={() => ask(true)}>
          {t('stop.release')}
        </Button>
      </div>
      {asked ? <ReleaseDialog close={() => ask(false)} /> : null}
    </Banner>
  );
}

function useDone(words: string, close: () => void): () => Promise<void> {
  const queries = useQueryClient();
  const { say } = useToasts();
  return async () => {
    await queries.invalidateQueries();
    say({ kind: 'success', title: words });
    close();
  };
}

export function StopDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const stop = useMutation({ mutationFn: () => client.stopLine({ reason: reason.trim() }), onSuccess: useDone(t('stop.done'), close) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() !== '') stop.mutate();
  };
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="stop-title" aria-describedby="stop-body" elementToFocus="#stop-reason">
      <ModalHeader title={t('stop.title')} labelId="stop-title" titleIconVariant="danger" />
      <ModalBody id="stop-body">
        <Form id="stop-form" onSubmit={submit}>
          {stop.error === null ? null : <FailureAlert error={stop.error} />}
          <p>{t('stop.text')}</p>
          <FormGroup label={t('stop.reason')} fieldId="stop-reason" isRequired>
            <TextArea
              id="stop-reason"
              value={reason}
              maxLength={500}
              rows={3}
              isRequired
              resizeOrientation="vertical"
              onChange={(_, value) => setReason(value)}
            />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter className="plan-foot">
        <Button
          type="submit"
          form="stop-form"
          variant="danger"
          isLoading={stop.isPending}
          isDisabled={reason.trim() === '' || stop.isPending}
        >
          {t('stop.go')}
        </Button>
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>{`beluga stop-the-line --reason "${reason.trim()}"`}</CommandLine>
      </ModalFooter>
    </Modal>
  );
}

function ReleaseDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const release = useMutation({ mutationFn: () => client.resumeLine(), onSuccess: useDone(t('stop.released'), close) });
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="release-title" aria-describedby="release-body">
      <ModalHeader title={t('stop.releaseTitle')} labelId="release-title" />
      <ModalBody id="release-body">
        {release.error === null ? null : <FailureAlert error={release.error} />}
        <p>{t('stop.releaseText')}</p>
      </ModalBody>
      <ModalFooter className="plan-foot">
        <Button isLoading={release.isPending} isDisabled={release.isPending} onClick={() => release.mutate()}>
          {t('stop.release')}
        </Button>
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>beluga resume</CommandLine>
      </ModalFooter>
    </Modal>
  );
}
