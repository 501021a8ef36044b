/** One train: its dates, what it carries, what would break it, and its trips; it moves and goes back as one. */

import type { ShownTrainView } from '@beluga/contract/train-schema';
import { Card, CardBody, CardTitle, List, ListItem } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { Ago, At } from '../../parts/time.tsx';
import { Approval } from './approval.tsx';
import { Members } from './members.tsx';
import './train.css';
import { trainDates } from '../../parts/train-dates.ts';
import { TrainActions } from './train-actions.tsx';
import { TrainState } from './train-state.tsx';
import { Trips } from './trips.tsx';

const route = getRouteApi('/trains/$train');

export function TrainPage() {
  const { t } = useTranslation();
  const { train: name } = route.useParams();
  const query = useQuery({ queryKey: ['train', name], queryFn: () => client.showTrain({ train: name }) });
  const { data } = query;
  return (
    <Page
      title={name}
      trail={[{ words: t('page.trains'), to: '/trains' }]}
      label={data === undefined ? null : <TrainState state={data.train.state} />}
      text={data === undefined ? undefined : t('train.text', { count: data.train.members.length, who: data.train.createdBy })}
      actions={data === undefined ? undefined : <TrainActions shown={data} />}
    >
      <Loaded query={query}>{(shown) => <Whole shown={shown} />}</Loaded>
    </Page>
  );
}

function Whole({ shown }: { readonly shown: ShownTrainView }) {
  const { train } = shown;
  const { t } = useTranslation();
  return (
    <div className="deployment">
      <Dates shown={shown} />
      {train.reason === null ? null : <Notice kind="warning" title={<Said>{train.reason}</Said>} />}
      <Prognosis shown={shown} />
      <Approval shown={shown} />
      <Members shown={shown} />
      <Trips shown={shown} />
      {train.state === 'arrived' ? (
        <p>
          <Link to="/publications" search={{ train: train.name }}>
            {t('train.published')}
          </Link>
        </p>
      ) : null}
      <CommandLine>{`beluga train show ${train.name}`}</CommandLine>
    </div>
  );
}

function Dates({ shown: { train } }: { readonly shown: ShownTrainView }) {
  const { t } = useTranslation();
  const now = Date.now();
  const coming = trainDates.find((date) => Date.parse(train[date]) > now);
  return (
    <ol className="way" aria-label={t('train.dates')}>
      {trainDates.map((date) => (
        <li key={date} aria-current={date === coming ? 'step' : undefined}>
          <strong>{t(`trainDate.${date}`)}</strong>
          <At at={train[date]} />
          <span className="quiet">
            <Ago at={train[date]} coming />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What would break it: with the set itself, and with each gate that is not open where it goes next. */
function Prognosis({ shown: { prognosis, train } }: { readonly shown: ShownTrainView }) {
  const { t } = useTranslation();
  const { next, obstacles, warnings, members, ready, opensAt } = prognosis;
  if (next === null) return null;
  const held = members.filter(({ verdicts }) => verdicts.length > 0).length;
  const move = t(`trip.to.${next.kind}`, { environment: next.environment });
  const empty = train.members.length === 0;
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('train.wouldBreak')}</CardTitle>
      <CardBody className="plan">
        {ready && !empty ? <Notice kind="success" title={t('train.ready', { move })} /> : null}
        {ready || empty ? null : held + obstacles.length > 0 ? (
          <Notice kind="warning" title={t('train.held', { move, count: held + obstacles.length })} />
        ) : (
          <Notice kind="info" title={t(train.state === 'open' ? 'train.stillOpen' : 'train.early', { move })} />
        )}
        {empty ? <p className="quiet">{t('train.empty')}</p> : null}
        <Sentences sentences={obstacles} />
        {warnings.length === 0 ? null : <h3>{t('train.warnings')}</h3>}
        <Sentences sentences={warnings} />
        {opensAt === null ? null : (
          <p>
            {t('train.opensAt')} <At at={opensAt} /> (<Ago at={opensAt} coming />)
          </p>
        )}
      </CardBody>
    </Card>
  );
}

function Sentences({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <List>
      {sentences.map((sentence) => (
        <ListItem key={sentence}>
          <Said>{sentence}</Said>
        </ListItem>
      ))}
    </List>
  );
}
