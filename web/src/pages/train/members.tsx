/** What a train carries, wave by wave, each with what holds it up; releases get on and off while the doors are open. */

import type { ShownTrainView } from '@beluga/contract/train-schema';
import { Button, Card, CardBody, CardTitle, Form, FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { FailureAlert } from '../../parts/failure.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { At } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { Verdicts } from '../../parts/verdicts.tsx';
import { componentsQuery } from '../../queries.ts';

type Props = { readonly shown: ShownTrainView };

export function Members({ shown }: Props) {
  const { t } = useTranslation();
  const { prognosis, train, can } = shown;
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('train.carries', { count: train.members.length })}</CardTitle>
      <CardBody>
        {prognosis.members.length === 0 ? null : (
          <Table aria-label={t('trains.members')} variant="compact">
            <Thead>
              <Tr>
                <Th>{t('train.wave')}</Th>
                <Th>{t('word.component')}</Th>
                <Th>{t('word.version')}</Th>
                <Th width={50}>{t('train.standsInTheWay')}</Th>
                <Th screenReaderText={t('train.leave')} />
              </Tr>
            </Thead>
            <Tbody>
              {prognosis.members.map((member) => (
                <Member key={member.component} train={train.name} member={member} mayLeave={can.board} />
              ))}
            </Tbody>
          </Table>
        )}
        {can.board ? <Board train={train.name} aboard={train.members.map(({ component }) => component)} /> : null}
      </CardBody>
    </Card>
  );
}

type MemberProps = {
  readonly train: string;
  readonly member: ShownTrainView['prognosis']['members'][number];
  readonly mayLeave: boolean;
};

function Member({ train, member, mayLeave }: MemberProps) {
  const { t } = useTranslation();
  const { component, version, wave, formerVersion, verdicts, opensAt } = member;
  const leave = useLeave(train, component, version);
  return (
    <Tr>
      <Td dataLabel={t('train.wave')}>{wave ?? '–'}</Td>
      <Td dataLabel={t('word.component')}>
        <Link to="/components/$component" params={{ component }} translate="no">
          {component}
        </Link>
      </Td>
      <Td dataLabel={t('word.version')} translate="no">
        {formerVersion === null ? version : `${formerVersion} → ${version}`}
      </Td>
      <Td dataLabel={t('train.standsInTheWay')}>
        {verdicts.length === 0 ? <StateLabel state="open" /> : <Verdicts verdicts={verdicts} />}
        {opensAt === null || verdicts.length === 0 ? null : (
          <span className="quiet">
            {t('gate.opens')} <At at={opensAt} />
          </span>
        )}
      </Td>
      <Td isActionCell>
        {mayLeave ? (
          <Button
            variant="link"
            isInline
            isLoading={leave.isPending}
            aria-label={t('train.leaveOne', { component })}
            onClick={() => leave.mutate()}
          >
            {t('train.leave')}
          </Button>
        ) : null}
      </Td>
    </Tr>
  );
}

function useLeave(train: string, component: string, version: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['train', train] });
  return useMutation({
    mutationFn: () => client.leaveTrain({ train, component }),
    onSuccess: async () => {
      const undo = async (): Promise<void> => {
        await client.boardTrain({ train, component, version });
        await refresh();
      };
      say({
        kind: 'success',
        title: t('train.left', { component, train }),
        action: { words: t('act.undo'), act: () => void undo().catch(fail) },
      });
      await refresh();
    },
    onError: fail,
  });
}

/** A release gets on: a component that is not aboard, in one of its versions. */
function Board({ train, aboard }: { readonly train: string; readonly aboard: readonly string[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [component, setComponent] = useState('');
  const [chosen, choose] = useState('');
  const components = useQuery(componentsQuery);
  const releases = useQuery({
    queryKey: ['releases', component],
    queryFn: () => client.listReleases({ component }),
    enabled: component !== '',
  });
  const versions = component === '' ? [] : (releases.data?.items.map(({ version }) => version) ?? []);
  const version = versions.includes(chosen) ? chosen : (versions[0] ?? '');
  const board = useMutation({
    mutationFn: () => client.boardTrain({ train, component, version }),
    onSuccess: async () => {
      setComponent('');
      await queries.invalidateQueries({ queryKey: ['train', train] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    board.mutate();
  };
  const others = components.data?.items.filter(({ name }) => !aboard.includes(name)) ?? [];
  return (
    <Form onSubmit={submit} className="board" aria-label={t('train.board')}>
      {board.error === null ? null : <FailureAlert error={board.error} />}
      <FormGroup label={t('word.component')} fieldId="board-component">
        <FormSelect id="board-component" value={component} onChange={(_, value) => setComponent(value)}>
          <FormSelectOption value="" label={t('train.choose')} />
          {others.map(({ name }) => (
            <FormSelectOption key={name} value={name} label={name} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={t('word.version')} fieldId="board-version">
        <FormSelect id="board-version" value={version} isDisabled={versions.length === 0} onChange={(_, value) => choose(value)}>
          {versions.length === 0 ? <FormSelectOption value="" label="–" /> : null}
          {versions.map((one) => (
            <FormSelectOption key={one} value={one} label={one} />
          ))}
        </FormSelect>
      </FormGroup>
      <Button type="submit" variant="secondary" isDisabled={version === '' || board.isPending}>
        {t('train.board')}
      </Button>
    </Form>
  );
}
