/** One card of facts. */
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import type { ReactNode } from 'react';

type FactProps = { readonly title: string; readonly wide?: boolean; readonly children: ReactNode };

export function Fact({ title, wide = false, children }: FactProps) {
  return (
    <Card isCompact className={wide ? 'fact-wide' : ''}>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
