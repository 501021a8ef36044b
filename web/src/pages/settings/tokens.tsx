/** Who may speak to the platform: tokens are made, told once, and revoked by the owner; when each was last used. */

import type { TokenView } from '@beluga/contract/gate-schema';
import { Button, Card, CardBody, CardTitle, Checkbox, ClipboardCopy, Form, FormGroup, Label, TextInput } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';

export function Tokens({ mayChange }: { readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['tokens'], queryFn: () => client.listTokens() });
  return (
    <Card isCompact className="fact-wide">
      <CardTitle component="h2">{t('tokens.title')}</CardTitle>
      <CardBody className="plan">
        <Loaded query={query} rows={3}>
          {({ items }) => <TokenTable tokens={items} mayChange={mayChange} />}
        </Loaded>
        {mayChange ? <NewToken /> : <p className="quiet">{t('tokens.onlyOwner')}</p>}
      </CardBody>
    </Card>
  );
}

function TokenTable({ tokens, mayChange }: { readonly tokens: readonly TokenView[]; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  return (
    <Table aria-label={t('tokens.title')} variant="compact">
      <Thead>
        <Tr>
          <Th>{t('tokens.whose')}</Th>
          <Th>{t('tokens.made')}</Th>
          <Th>{t('tokens.used')}</Th>
          <Th screenReaderText={t('tokens.revoke')} />
        </Tr>
      </Thead>
      <Tbody>
        {tokens.map((token) => (
          <Token key={token.id} token={token} mayChange={mayChange} />
        ))}
      </Tbody>
    </Table>
  );
}

function Token({ token, mayChange }: { readonly token: TokenView; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { fail, say } = useToasts();
  const [asked, ask] = useState(false);
  const { id, name, access, createdAt, createdBy, revokedAt, revokedBy, usedAt } = token;
  const revoke = useMutation({
    mutationFn: () => client.revokeToken({ id }),
    onSuccess: async () => {
      say({ kind: 'success', title: t('tokens.revoked', { name }) });
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    },
    onError: fail,
  });
  return (
    <Tr>
      <Td dataLabel={t('tokens.whose')}>
        <strong translate="no">{name}</strong> {access === 'read' ? <Label isCompact>{t('tokens.readOnly')}</Label> : null}
      </Td>
      <Td dataLabel={t('tokens.made')}>
        <Ago at={createdAt} /> <span className="quiet">{createdBy}</span>
      </Td>
      <Td dataLabel={t('tokens.used')}>{usedAt === null ? <span className="quiet">{t('tokens.never')}</span> : <Ago at={usedAt} />}</Td>
      <Td isActionCell>
        {revokedAt !== null ? (
          <Label isCompact>
            {t('tokens.gone', { who: revokedBy ?? '' })} <Ago at={revokedAt} />
          </Label>
        ) : !mayChange ? null : asked ? (
          <Button variant="danger" size="sm" isLoading={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('tokens.sure', { name })}
          </Button>
        ) : (
          <Button variant="link" isInline isDanger aria-label={t('tokens.revokeOne', { name })} onClick={() => ask(true)}>
            {t('tokens.revoke')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}

/** The secret is told this once, and goes with the page. */
function NewToken() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [readOnly, setReadOnly] = useState(false);
  const create = useMutation({
    mutationFn: () => client.createToken({ name: name.trim(), access: readOnly ? 'read' : 'write' }),
    onSuccess: async () => {
      setName('');
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <>
      {create.data === undefined ? null : (
        <Notice kind="success" title={t('tokens.told', { name: create.data.name })}>
          <ClipboardCopy
            isReadOnly
            hoverTip={t('act.copy')}
            clickTip={t('act.copied')}
            textAriaLabel={t('tokens.secret')}
            copyAriaLabel={t('act.copy')}
          >
            {create.data.secret}
          </ClipboardCopy>
        </Notice>
      )}
      <Form onSubmit={submit} className="new-token">
        {create.error === null ? null : <FailureAlert error={create.error} />}
        <FormGroup label={t('tokens.name')} fieldId="token-name">
          <TextInput id="token-name" value={name} isRequired autoComplete="off" onChange={(_, value) => setName(value)} />
        </FormGroup>
        <Checkbox id="token-read" label={t('tokens.onlyRead')} isChecked={readOnly} onChange={(_, on) => setReadOnly(on)} />
        <Button type="submit" variant="secondary" isDisabled={name.trim() === '' || create.isPending}>
          {t('tokens.make')}
        </Button>
        <CommandLine>{`beluga token create ${name}${readOnly ? ' --read-only' : ''}`}</CommandLine>
      </Form>
    </>
  );
}
