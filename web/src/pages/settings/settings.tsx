/** What a person chose in this browser, who is signed in, and the platform as it is in force: teams, channels, tokens. */
import {
  Button,
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Loaded, Page } from '../../parts/page.tsx';
import { LanguageSwitch, ThemeSwitch } from '../../parts/switches.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { sessionQuery } from '../../queries.ts';
import { signOut } from '../../session.ts';
import { Channels } from './channels.tsx';
import './settings.css';
import { Teams } from './teams.tsx';
import { Tokens } from './tokens.tsx';

export function SettingsPage() {
  const { t } = useTranslation();
  const { fail } = useToasts();
  const platform = useQuery({ queryKey: ['platform'], queryFn: () => client.showPlatform() });
  const query = useQuery(sessionQuery);
  return (
    <Page title={t('page.settings')}>
      <ul className="cards">
        <li>
          <Card isCompact isFullHeight>
            <CardTitle component="h2">{t('settings.browser')}</CardTitle>
            <CardBody>
              <DescriptionList isHorizontal>
                <Item term={t('shell.language')}>
                  <LanguageSwitch />
                </Item>
                <Item term={t('shell.theme')}>
                  <ThemeSwitch />
                </Item>
                <Item term={t('settings.zone')}>{Intl.DateTimeFormat().resolvedOptions().timeZone}</Item>
              </DescriptionList>
            </CardBody>
          </Card>
        </li>
        <li>
          <Card isCompact isFullHeight>
            <CardTitle component="h2">{t('settings.session')}</CardTitle>
            <CardBody>
              <Loaded query={query}>
                {({ name, version, environments }) => (
                  <DescriptionList isHorizontal>
                    <Item term={t('settings.who')}>{name}</Item>
                    <Item term={t('settings.version')}>{version}</Item>
                    <Item term={t('settings.environments')}>{environments.join(' → ')}</Item>
                  </DescriptionList>
                )}
              </Loaded>
              <Button variant="secondary" onClick={() => void signOut().catch(fail)}>
                {t('settings.signOut')}
              </Button>
            </CardBody>
          </Card>
        </li>
      </ul>
      <div className="facts settings">
        <Loaded query={platform}>
          {(shown) => (
            <>
              <Teams platform={shown} />
              <Channels platform={shown} />
            </>
          )}
        </Loaded>
        <Tokens mayChange={query.data?.can.manageTokens ?? false} />
      </div>
    </Page>
  );
}

function Item({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
