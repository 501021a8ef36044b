/** Who is told, and what did not arrive: a delivery that was given up can be sent once more. */

import type { DeliveryView } from '@beluga/contract/delivery-schema';
import type { PlatformView } from '@beluga/contract/platform-view-schema';
import { Button, Card, CardBody, CardTitle, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';

const most = 100;

export function Channels({ platform: { channels, itsm } }: { readonly platform: PlatformView }) {
  const { t } = useTranslation();
  const wish = { state: 'dead', limit: most } as const;
  const dead = useQuery({ queryKey: ['deliveries', wish], queryFn: () => client.listDeliveries(wish) });
  return (
    <Card isCompact className="fact-wide">
      <CardTitle component="h2">{t('channels.title')}</CardTitle>
      <CardBody className="plan">
        {channels.length === 0 && itsm === null ? <p className="quiet">{t('channels.none')}</p> : null}
        <ul className="plain-list">
          {itsm === null ? null : (
            <li>
              <Label isCompact color="purple">
                {t('channels.itsm')}
              </Label>{' '}
              <span translate="no">{`${itsm.kind} · ${itsm.url}`}</span>
            </li>
          )}
          {channels.map(({ name, kind, language, systems, url }) => (
            <li key={name}>
              <Label isCompact>{t(`channels.kinds.${kind}`)}</Label> <strong translate="no">{name}</strong>{' '}
              <span className="quiet">
                {t(`language.${language}`)} · {systems === null ? t('channels.allSystems') : systems.join(', ')} ·{' '}
                <code translate="no">{url}</code>
              </span>
            </li>
          ))}
        </ul>
        <Loaded query={dead} rows={2}>
          {({ items }) => <DeadLetters deliveries={items} />}
        </Loaded>
        <CommandLine>beluga deliveries --state dead</CommandLine>
      </CardBody>
    </Card>
  );
}

function DeadLetters({ deliveries }: { readonly deliveries: readonly DeliveryView[] }) {
  const { t } = useTranslation();
  if (deliveries.length === 0) return <p className="quiet">{t('channels.allArrived')}</p>;
  return (
    <>
      <h3>{t('channels.dead', { count: deliveries.length })}</h3>
      <Table aria-label={t('channels.dead', { count: deliveries.length })} variant="compact">
        <Thead>
          <Tr>
            <Th>{t('channels.target')}</Th>
            <Th>{t('channels.about')}</Th>
            <Th width={40}>{t('channels.problem')}</Th>
            <Th>{t('channels.since')}</Th>
            <Th screenReaderText={t('channels.replay')} />
          </Tr>
        </Thead>
        <Tbody>
          {deliveries.map((delivery) => (
            <DeadLetter key={delivery.id} delivery={delivery} />
          ))}
        </Tbody>
      </Table>
    </>
  );
}

function DeadLetter({ delivery }: { readonly delivery: DeliveryView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  const { id, target, changes, problem, createdAt, attempts } = delivery;
  const replay = useMutation({
    mutationFn: () => client.replayDelivery({ id }),
    onSuccess: async () => {
      say({ kind: 'success', title: t('channels.replayed', { target }) });
      await queries.invalidateQueries({ queryKey: ['deliveries'] });
    },
    onError: fail,
  });
  return (
    <Tr>
      <Td dataLabel={t('channels.target')} translate="no">
        {target}
      </Td>
      <Td dataLabel={t('channels.about')}>
        {changes.slice(0, 3).map((change) => (
          <div key={change}>
            <Link to="/changes/$id" params={{ id: change }} translate="no">
              {change}
            </Link>
          </div>
        ))}
      </Td>
      <Td dataLabel={t('channels.problem')}>
        {problem === null ? '–' : <Said>{problem}</Said>} <span className="quiet">{t('channels.attempts', { count: attempts })}</span>
      </Td>
      <Td dataLabel={t('channels.since')}>
        <Ago at={createdAt} />
      </Td>
      <Td isActionCell>
        <Button
          variant="link"
          isInline
          isLoading={replay.isPending}
          aria-label={t('channels.replayOne', { id })}
          onClick={() => replay.mutate()}
        >
          {t('channels.replay')}
        </Button>
      </Td>
    </Tr>
  );
}
