/** Short messages in the corner: what was done, how to undo it; what failed, and what to do. */
import { Alert, AlertActionCloseButton, AlertActionLink, AlertGroup } from '@patternfly/react-core';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureText, FailureTitle } from './failure.tsx';

type Toast = {
  readonly id: number;
  readonly kind: 'success' | 'danger' | 'info';
  readonly title: ReactNode;
  readonly text?: ReactNode;
  readonly action?: { readonly words: string; readonly act: () => void };
};
type Toasts = { readonly say: (toast: Omit<Toast, 'id'>) => void; readonly fail: (error: unknown) => void };

const ToastContext = createContext<Toasts>({ say: () => undefined, fail: () => undefined });
const shownMs = 8_000;
let counter = 0;

export function useToasts(): Toasts {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const say = useCallback(
    (toast: Omit<Toast, 'id'>) => {
      counter += 1;
      const id = counter;
      setToasts((all) => [...all.slice(-3), { ...toast, id }]);
      if (toast.kind !== 'danger') setTimeout(() => close(id), shownMs);
    },
    [close],
  );
  const value = useMemo(() => {
    const fail = (error: unknown): void =>
      say({ kind: 'danger', title: <FailureTitle error={error} />, text: <FailureText error={error} /> });
    return { say, fail };
  }, [say]);
  return (
    <ToastContext.Provider value={value}>
      {children}
      <AlertGroup isToast isLiveRegion>
        {toasts.map((toast) => (
          <ToastAlert key={toast.id} toast={toast} close={() => close(toast.id)} />
        ))}
      </AlertGroup>
    </ToastContext.Provider>
  );
}

function ToastAlert({ toast, close }: { readonly toast: Toast; readonly close: () => void }) {
  const { t } = useTranslation();
  const { kind, title, text = null, action } = toast;
  const act = (): void => {
    action?.act();
    close();
  };
  return (
    <Alert
      variant={kind}
      variantLabel={t(`notice.${kind}`)}
      component="p"
      title={title}
      actionClose={<AlertActionCloseButton aria-label={t('act.close')} onClose={close} />}
      actionLinks={action === undefined ? undefined : <AlertActionLink onClick={act}>{action.words}</AlertActionLink>}
    >
      {text}
    </Alert>
  );
}
