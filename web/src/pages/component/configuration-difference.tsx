/** What an instance would be given that it is not given now. */

import type { ConfigEntryView, PlanView } from '@beluga/contract/api-schema';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Loaded } from '../../parts/page.tsx';

type Change = { readonly name: string; readonly from: string | null; readonly to: string | null };

export function ConfigurationDifference({ plan }: { readonly plan: PlanView }) {
  const { t } = useTranslation();
  const { component, environment, version, formerVersion } = plan;
  const query = useQuery({
    queryKey: ['difference', component, environment, version, formerVersion],
    queryFn: async () => {
      const read = async (of: string | null) =>
        of === null ? [] : (await client.showConfig({ component, environment, version: of })).items;
      const [former, next] = await Promise.all([read(formerVersion), read(version)]);
      return changesOf(former, next);
    },
    staleTime: Infinity,
  });
  return (
    <Loaded query={query} rows={2}>
      {(changes) => (changes.length === 0 ? <p className="quiet">{t('plan.sameConfiguration')}</p> : <Changes changes={changes} />)}
    </Loaded>
  );
}

/** What changes with every release says nothing. */
const always = ['BELUGA_VERSION'];

function changesOf(former: readonly ConfigEntryView[], next: readonly ConfigEntryView[]): readonly Change[] {
  const before = new Map(former.map((entry) => [entry.name, shown(entry)]));
  const after = new Map(next.map((entry) => [entry.name, shown(entry)]));
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !always.includes(name)).toSorted();
  return names.map((name) => ({ name, from: before.get(name) ?? null, to: after.get(name) ?? null })).filter(({ from, to }) => from !== to);
}

function shown({ value }: ConfigEntryView): string {
  return value ?? '••••••';
}

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation();
  return (
    <ul className="difference" translate="no">
      {changes.map(({ name, from, to }) => (
        <li key={name}>
          <code>{name}</code>
          {from === null ? null : <del aria-label={t('plan.was', { value: from })}>{from}</del>}
          {to === null ? null : <ins aria-label={t('plan.becomes', { value: to })}>{to}</ins>}
        </li>
      ))}
    </ul>
  );
}
