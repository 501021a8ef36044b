/** Drift as a table, for the pages that show some of it. */

import type { DriftView } from '@beluga/contract/drift-schema';
import { Button, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Said } from '../../parts/said.tsx';
import { Ago, durationOf } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';

export function DriftTable({ drifts }: { readonly drifts: readonly DriftView[] }) {
  const { t } = useTranslation();
  return (
    <Table aria-label={t('page.drift')} variant="compact">
      <Thead>
        <Tr>
          <Th width={25}>{t('drift.where')}</Th>
          <Th width={30}>{t('drift.what')}</Th>
          <Th modifier="nowrap">{t('drift.found')}</Th>
          <Th>{t('drift.by')}</Th>
          <Th>{t('word.state')}</Th>
          <Th screenReaderText={t('drift.repair')} />
        </Tr>
      </Thead>
      <Tbody>
        {drifts.map((drift) => (
          <DriftRow key={drift.id} drift={drift} />
        ))}
      </Tbody>
    </Table>
  );
}

function DriftRow({ drift }: { readonly drift: DriftView }) {
  const { t } = useTranslation();
  const { sentence, foundAt, event } = drift;
  return (
    <Tr>
      <Td dataLabel={t('drift.where')}>
        <Where drift={drift} />
      </Td>
      <Td dataLabel={t('drift.what')}>
        <Said>{sentence}</Said>
      </Td>
      <Td dataLabel={t('drift.found')} modifier="nowrap">
        <Ago at={foundAt} />
      </Td>
      <Td dataLabel={t('drift.by')}>{event === null ? t('drift.comparing') : <span translate="no">{t('drift.event', { event })}</span>}</Td>
      <Td dataLabel={t('word.state')}>
        <Standing drift={drift} />
      </Td>
      <Td isActionCell>
        <Repair drift={drift} />
      </Td>
    </Tr>
  );
}

function Where({ drift: { component, environment, instance } }: { readonly drift: DriftView }) {
  const { t } = useTranslation();
  if (component === null || environment === null) return <span translate="no">{environment ?? t('drift.engine')}</span>;
  return (
    <>
      <Link to="/components/$component" params={{ component }} search={{ tab: 'instances', environment }} translate="no">
        {component}
      </Link>{' '}
      <span translate="no">{environment}</span>
      {instance === null ? null : (
        <small className="quiet below" translate="no">
          {instance.slice(`${component}.${environment}.`.length)}
        </small>
      )}
    </>
  );
}

function Standing({ drift: { repair, foundAt, repairedAt } }: { readonly drift: DriftView }) {
  const { t } = useTranslation();
  if (repairedAt !== null) {
    const after = durationOf(Math.max(0, Date.parse(repairedAt) - Date.parse(foundAt)));
    return (
      <Label isCompact variant="outline" color="green">
        {t('drift.repaired', { after })}
      </Label>
    );
  }
  return (
    <Label isCompact variant="outline" color={repair === 'always' ? 'blue' : 'orange'}>
      {t(repair === 'always' ? 'drift.repairing' : 'drift.told')}
    </Label>
  );
}

/** Only for what is ours and was only told. */
function Repair({ drift: { component, environment, kind, repair, repairedAt } }: { readonly drift: DriftView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  const place = { component: component ?? '', environment: environment ?? '' };
  const order = useMutation({
    mutationFn: () => client.repairDrift(place),
    onSuccess: async () => {
      say({ kind: 'success', title: t('drift.ordered', place), text: t('drift.orderedText') });
      await queries.invalidateQueries({ queryKey: ['drift'] });
    },
    onError: fail,
  });
  if (component === null || environment === null || repairedAt !== null || repair === 'always' || kind === 'secret') return null;
  return (
    <Button variant="secondary" size="sm" isLoading={order.isPending} onClick={() => order.mutate()}>
      {t('drift.repair')}
    </Button>
  );
}
