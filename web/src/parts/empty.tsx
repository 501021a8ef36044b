/** Nothing to show: says why, and what to do next. */
import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { CubesIcon, SearchIcon } from '@patternfly/react-icons';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { readonly title: string; readonly children?: ReactNode; readonly filtered?: boolean; readonly level?: 'h1' | 'h2' };

export function Empty({ title, children, filtered = false, level = 'h2' }: Props) {
  return (
    <EmptyState titleText={title} headingLevel={level} icon={filtered ? SearchIcon : CubesIcon} variant="sm">
      <EmptyStateBody>{children}</EmptyStateBody>
    </EmptyState>
  );
}

/** A command that a person can type, in its own line. */
export function CommandLine({ children }: { readonly children: string }) {
  return (
    <code className="command-line" translate="no">
      {children}
    </code>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty title={t('notFound.title')} level="h1">
      <Link to="/">{t('notFound.back')}</Link>
    </Empty>
  );
}
