/** The installations that make a figure or a wait, opened beneath it; the address keeps which. */

import type { MeasuresView } from '@beluga/contract/measure-schema';
import { Button, Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Loaded } from '../../parts/page.tsx';
import { DeploymentTable } from '../deployment/deployment-table.tsx';
import { useGateName } from './waits.tsx';

const route = getRouteApi('/measures');
const atOnce = 100;

export function Made({ of, measures }: { readonly of: string; readonly measures: MeasuresView }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const nameOf = useGateName();
  const card = useRef<HTMLDivElement>(null);
  const [page, turn] = useState(0);
  useEffect(() => {
    turn(0);
    card.current?.scrollIntoView({ block: 'nearest' });
    card.current?.focus();
  }, [of]);
  const figure = measures.figures.find(({ name }) => name === of);
  const ids = figure?.deployments ?? measures.waits.find(({ gate }) => gate === of)?.deployments ?? [];
  const shown = ids.toReversed().slice(page * atOnce, (page + 1) * atOnce);
  const wish = { ids: shown.join(','), limit: atOnce };
  const query = useQuery({
    queryKey: ['deployments', wish],
    queryFn: () => client.listDeployments(wish),
    enabled: shown.length > 0,
    placeholderData: keepPreviousData,
  });
  const title = t('measures.makes', { name: figure === undefined ? nameOf(of) : t(`figure.${figure.name}`) });
  return (
    <Card isCompact>
      <div ref={card} tabIndex={-1}>
        <CardHeader
          actions={{
            actions: (
              <Button variant="link" onClick={() => void navigate({ search: (all) => ({ ...all, of: undefined }), resetScroll: false })}>
                {t('act.close')}
              </Button>
            ),
          }}
        >
          <CardTitle component="h2">{title}</CardTitle>
        </CardHeader>
      </div>
      <CardBody>
        {shown.length === 0 ? (
          <p className="quiet">{t('measures.madeOfNone')}</p>
        ) : (
          <Loaded query={query}>{({ items }) => <DeploymentTable deployments={items} label={title} />}</Loaded>
        )}
        {ids.length > atOnce ? (
          <div className="page-actions">
            <Button variant="link" isDisabled={page === 0} onClick={() => turn(page - 1)}>
              {t('measures.newer')}
            </Button>
            <span>{t('measures.some', { from: page * atOnce + 1, to: page * atOnce + shown.length, count: ids.length })}</span>
            <Button variant="link" isDisabled={(page + 1) * atOnce >= ids.length} onClick={() => turn(page + 1)}>
              {t('measures.older')}
            </Button>
          </div>
        ) : null}
      </CardBody>
    </Card>
  );
}
