/** Publications: what each installation changed, written by nobody, in the language of the console; to be followed as a feed. */

import type { PublicationView } from '@beluga/contract/publication-schema';
import { Button, Card, CardBody, CardTitle, ClipboardCopy, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Choice, EnvironmentChoice, SystemChoice } from '../../parts/choice.tsx';
import { download } from '../../parts/download.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { trainsQuery } from '../../queries.ts';
import { FragmentOf } from './fragment.tsx';
import './publications.css';

const route = getRouteApi('/publications');

/** What is asked for; the language is that of the console. */
function useWish() {
  const { i18n } = useTranslation();
  const { environment, system, train } = route.useSearch();
  return {
    ...(environment === undefined ? {} : { environment }),
    ...(system === undefined ? {} : { system }),
    ...(train === undefined ? {} : { train }),
    language: i18n.language === 'fr' ? ('fr' as const) : ('en' as const),
  };
}

export function PublicationsPage() {
  const { t } = useTranslation();
  const wish = useWish();
  const { environment, system, train } = route.useSearch();
  const query = useQuery({
    queryKey: ['publications', wish],
    queryFn: () => client.listPublications({ ...wish, limit: 50 }),
    placeholderData: keepPreviousData,
  });
  const filtered = environment !== undefined || system !== undefined || train !== undefined;
  return (
    <Page title={t('page.publications')} text={t('publications.text')}>
      <Filters />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t(filtered ? 'publications.noneFits' : 'publications.none')} filtered={filtered}>
              {filtered ? null : t('publications.noneText')}
            </Empty>
          ) : (
            <List publications={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Filters() {
  const { environment, system, train } = route.useSearch();
  const navigate = route.useNavigate();
  const { t } = useTranslation();
  const trains = useQuery(trainsQuery).data?.items ?? [];
  const go = (changes: { environment?: string | undefined; system?: string | undefined; train?: string | undefined }): void =>
    void navigate({ search: (all) => ({ ...all, ...changes }), replace: true, resetScroll: false });
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <EnvironmentChoice value={environment} change={(chosen) => go({ environment: chosen })} />
        <SystemChoice value={system} change={(chosen) => go({ system: chosen })} />
        {trains.length === 0 && train === undefined ? null : (
          <Choice
            label={t('publications.anyTrain')}
            value={train}
            options={trains.map(({ name }) => name)}
            change={(chosen) => go({ train: chosen })}
          />
        )}
        <OnePage />
      </ToolbarContent>
    </Toolbar>
  );
}

/** All of a train or of a system on one page, to be sent to somebody. */
function OnePage() {
  const { t } = useTranslation();
  const { fail } = useToasts();
  const { system, train, language } = useWish();
  if (system === undefined && train === undefined) return null;
  const page = async (): Promise<void> => {
    const { of, markdown } = await (train === undefined
      ? client.showSystemPublication({ system: system ?? '', language })
      : client.showTrainPublication({ train, language }));
    download(`${of}.md`, markdown, 'text/markdown;charset=utf-8');
  };
  return (
    <ToolbarItem>
      <Button variant="link" icon={<DownloadIcon />} onClick={() => void page().catch(fail)}>
        {t('publications.onePage', { of: train ?? system })}
      </Button>
    </ToolbarItem>
  );
}

function List({ publications }: { readonly publications: readonly PublicationView[] }) {
  return (
    <div className="publications">
      <ol>
        {publications.map((publication) => (
          <li key={publication.change}>
            <Publication publication={publication} />
          </li>
        ))}
      </ol>
      <Feed />
    </div>
  );
}

function Publication({ publication }: { readonly publication: PublicationView }) {
  const { t } = useTranslation();
  const { change, component, title, html, markdown, installedAt, system, version } = publication;
  return (
    <Card isCompact>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <p className="quiet">
          <Ago at={installedAt} />
          {' · '}
          <span translate="no">{system}</span>
          {' · '}
          <Link to="/changes/$id" params={{ id: change }}>
            {t('word.change')}
          </Link>
          {' · '}
          <Button
            variant="link"
            isInline
            icon={<DownloadIcon />}
            aria-label={t('publications.download', { title })}
            onClick={() => download(`${component}-${version}.md`, markdown, 'text/markdown;charset=utf-8')}
          >
            {t('publications.markdown')}
          </Button>
        </p>
        <FragmentOf html={html} />
      </CardBody>
    </Card>
  );
}

function Feed() {
  const { t } = useTranslation();
  const wish = useWish();
  const address = `${location.origin}/api/v1/feed?${new URLSearchParams(wish).toString()}`;
  const { system, train, language } = wish;
  return (
    <Card isCompact component="aside" className="feed">
      <CardTitle component="h2">{t('publications.feed')}</CardTitle>
      <CardBody className="plan">
        <p>{t('publications.feedText')}</p>
        <ClipboardCopy
          isReadOnly
          hoverTip={t('act.copy')}
          clickTip={t('act.copied')}
          textAriaLabel={t('publications.address')}
          copyAriaLabel={t('act.copy')}
        >
          {address}
        </ClipboardCopy>
        <CommandLine>{`beluga publication feed${system === undefined ? '' : ` --system ${system}`}${train === undefined ? '' : ` --train ${train}`} --language ${language}`}</CommandLine>
      </CardBody>
    </Card>
  );
}
