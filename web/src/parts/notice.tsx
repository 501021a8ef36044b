/** A sentence that stands out, with what belongs to it below. */
import { Alert } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  readonly kind: 'success' | 'danger' | 'warning' | 'info';
  readonly title: ReactNode;
  readonly plain?: boolean;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
};

export function Notice({ kind, title, plain = false, actions, children }: Props) {
  const { t } = useTranslation();
  return (
    <Alert variant={kind} variantLabel={t(`notice.${kind}`)} component="p" isInline isPlain={plain} title={title} actionLinks={actions}>
      {children}
    </Alert>
  );
}
