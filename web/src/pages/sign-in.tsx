/** The sign-in: a token is pasted, or a link is asked for at the command line. */
import { ActionGroup, Button, Card, CardBody, CardTitle, Form, FormGroup, TextInput, Title } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CommandLine } from '../parts/empty.tsx';
import { FailureAlert } from '../parts/failure.tsx';
import { Notice } from '../parts/notice.tsx';
import { LanguageSwitch } from '../parts/switches.tsx';
import { signInByToken } from '../session.ts';

export function SignInPage({ problem, entered }: { readonly problem: unknown; readonly entered: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="sign-in">
      <Card isLarge>
        <CardTitle>
          <img src="/beluga.svg" alt="" width="48" height="48" />
          <Title headingLevel="h1">{t('signIn.title')}</Title>
        </CardTitle>
        <CardBody>
          {problem === null ? null : <FailureAlert error={problem} />}
          <Notice kind="info" plain title={t('signIn.link')}>
            <CommandLine>beluga open</CommandLine>
          </Notice>
          <TokenForm entered={entered} />
          <LanguageSwitch />
        </CardBody>
      </Card>
    </main>
  );
}

function TokenForm({ entered }: { readonly entered: () => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void signInByToken(token)
      .then(() => entered())
      .catch(setFailure);
  };
  return (
    <Form onSubmit={submit}>
      {failure === null ? null : <FailureAlert error={failure} />}
      <FormGroup label={t('signIn.token')} fieldId="token" isRequired>
        <TextInput id="token" type="password" autoComplete="off" value={token} onChange={(_, value) => setToken(value)} isRequired />
      </FormGroup>
      <ActionGroup>
        <Button type="submit" isDisabled={token.trim() === ''}>
          {t('signIn.go')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
