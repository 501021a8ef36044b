/** What every page has in common: a title, what to do there, and skeletons until there is something to show. */
import { Breadcrumb, BreadcrumbItem, Flex, FlexItem, PageSection, Skeleton, Title } from '@patternfly/react-core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureAlert } from './failure.tsx';

type Props = {
  readonly title: string;
  readonly label?: ReactNode;
  readonly text?: ReactNode;
  readonly trail?: readonly { readonly words: string; readonly to: '/' | '/deployments' | '/changes' | '/trains' | '/images' }[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

export function Page({ title, label, text, trail = [], actions, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <>
      <PageSection hasBodyWrapper={false} className="page-head">
        {trail.length === 0 ? null : (
          <Breadcrumb aria-label={t('shell.trail')}>
            {trail.map(({ words, to }) => (
              <BreadcrumbItem
                key={to}
                render={({ className }) => (
                  <Link to={to} className={className}>
                    {words}
                  </Link>
                )}
              />
            ))}
            <BreadcrumbItem isActive>{title}</BreadcrumbItem>
          </Breadcrumb>
        )}
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsCenter' }}>
          <Flex alignItems={{ default: 'alignItemsCenter' }} columnGap={{ default: 'columnGapSm' }}>
            <Title headingLevel="h1" size="2xl">
              {title}
            </Title>
            {label}
          </Flex>
          <FlexItem>{actions}</FlexItem>
        </Flex>
        {text === undefined ? null : <p className="page-text">{text}</p>}
      </PageSection>
      <PageSection hasBodyWrapper={false} className="page-body">
        {children}
      </PageSection>
    </>
  );
}

type LoadedProps<Data> = {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error'>;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
};

/** Shows what a query gave; skeletons before, the refusal instead. What was shown stays while the server is away. */
export function Loaded<Data>({ query, rows = 6, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <FailureAlert error={query.error} />;
  return <Skeletons rows={rows} />;
}

export function Skeletons({ rows }: { readonly rows: number }) {
  const { t } = useTranslation();
  return (
    <div className="skeletons" role="status" aria-label={t('shell.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height="2rem" width={`${100 - ((index * 13) % 40)}%`} />
      ))}
    </div>
  );
}
