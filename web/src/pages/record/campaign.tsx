/** The move of the estate to the newest version of a socle: what is left over time, system by system, and who may not move and why. */

import type { RebasePlanView, SocleDetailView } from '@beluga/contract/socle-view-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Said } from '../../parts/said.tsx';
import { BurnDown } from './burn-down.tsx';

type Props = { readonly detail: SocleDetailView };

export function Campaign({ detail }: Props) {
  const { t } = useTranslation();
  const { socle, users } = detail;
  const { name, number } = socle;
  const done = users.filter((user) => user.number === number).length;
  const plan = useQuery({
    queryKey: ['rebase', name],
    queryFn: () => client.planRebase({ name }),
    enabled: socle.deprecated === null,
    refetchInterval: 60_000,
    meta: { rests: true },
  });
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('campaign.title', { number })}</CardTitle>
      <CardBody className="plan">
        {users.length > 0 && done === users.length ? (
          <Notice kind="success" title={t('campaign.done', { number })} />
        ) : (
          <p>{t('socle.progress', { done, count: users.length, number })}</p>
        )}
        <div className="campaign">
          <BurnDown detail={detail} />
          <Systems detail={detail} waves={plan.data?.waves ?? []} />
        </div>
        {plan.data === undefined || plan.data.refused.length === 0 ? null : <Refused refused={plan.data.refused} />}
        <CommandLine>{`beluga socle rebase ${name}`}</CommandLine>
      </CardBody>
    </Card>
  );
}

type SystemsProps = Props & { readonly waves: RebasePlanView['waves'] };
const most = 12;

/** In the order in which they would move; those with nothing left come last and are not told one by one. */
function Systems({ detail: { users, socle }, waves }: SystemsProps) {
  const { t } = useTranslation();
  const bySystem = Map.groupBy(users, ({ system }) => system);
  const left = waves.flatMap(({ system }) => {
    const all = bySystem.get(system) ?? [];
    return all.length === 0 ? [] : [{ system, all: all.length, done: all.filter(({ number }) => number === socle.number).length }];
  });
  if (left.length === 0) return null;
  return (
    <section>
      <h3>{t('campaign.systems')}</h3>
      <ol className="campaign-systems">
        {left.slice(0, most).map(({ system, all, done }) => (
          <li key={system}>
            <Link to="/" search={{ system }} translate="no">
              {system}
            </Link>
            <meter min={0} max={all} value={done} aria-label={t('campaign.of', { system, done, count: all })} />
            <span>{`${done} / ${all}`}</span>
          </li>
        ))}
      </ol>
      {left.length > most ? <p className="quiet">{t('campaign.more', { count: left.length - most })}</p> : null}
    </section>
  );
}

/** Grouped by what is wrong: a thousand components often have one thing wrong. */
function Refused({ refused }: { readonly refused: RebasePlanView['refused'] }) {
  const { t } = useTranslation();
  const problems = [...Map.groupBy(refused, ({ problem }) => problem)];
  return (
    <section>
      <h3>{t('campaign.refused', { count: refused.length })}</h3>
      <ul className="plain-list">
        {problems.map(([problem, some]) => (
          <li key={problem}>
            <Said>{problem}</Said>{' '}
            <span className="quiet" translate="no">
              {some
                .slice(0, most)
                .map(({ component, version }) => `${component}@${version}`)
                .join(', ')}
              {some.length > most ? ' …' : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
