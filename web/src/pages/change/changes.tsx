/** Changes: every production deployment as ITIL knows it, the newest first. */

import type { ChangeView } from '@beluga/contract/change-schema';
import { Label, Toolbar, ToolbarContent } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Choice } from '../../parts/choice.tsx';
import { ComponentSearch, isComponentName } from '../../parts/component-search.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { ChangeState, kinds, RiskLabel, states } from './labels.tsx';

const route = getRouteApi('/changes');

export function ChangesPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const state = states.find((one) => one === search.state);
  const kind = kinds.find((one) => one === search.kind);
  const filter = {
    ...(search.component === undefined || !isComponentName(search.component) ? {} : { component: search.component }),
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    limit: 100,
  };
  const query = useQuery({ queryKey: ['changes', filter], queryFn: () => client.listChanges(filter), placeholderData: keepPreviousData });
  const filtered = Object.keys(filter).length > 1;
  return (
    <Page title={t('page.changes')} text={t('changes.text')}>
      <Choices />
      <Loaded query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t(filtered ? 'changes.noneFits' : 'changes.none')} filtered={filtered}>
              {filtered ? null : t('changes.noneText')}
            </Empty>
          ) : (
            <ChangeTable changes={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Choices() {
  const { t } = useTranslation();
  const { component, state, kind } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: { component?: string | undefined; state?: string | undefined; kind?: string | undefined }): void =>
    void navigate({ search: (all) => ({ ...all, ...changes }), replace: true });
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <ComponentSearch value={component} change={(chosen) => change({ component: chosen })} />
        <Choice
          label={t('filter.state')}
          value={state}
          options={states.map((value) => ({ value, words: t(`changeState.${value}`) }))}
          change={(chosen) => change({ state: chosen })}
        />
        <Choice
          label={t('filter.kind')}
          value={kind}
          options={kinds.map((value) => ({ value, words: t(`changeKind.${value}`) }))}
          change={(chosen) => change({ kind: chosen })}
        />
      </ToolbarContent>
    </Toolbar>
  );
}

function ChangeTable({ changes }: { readonly changes: readonly ChangeView[] }) {
  const { t } = useTranslation();
  const titles = [t('word.change'), t('changes.what'), t('word.kind'), t('word.state'), t('word.risk'), t('changes.opened')];
  return (
    <Table aria-label={t('page.changes')} variant="compact">
      <Thead>
        <Tr>
          {titles.map((title) => (
            <Th key={title}>{title}</Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {changes.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
      </Tbody>
    </Table>
  );
}

function ChangeRow({ change }: { readonly change: ChangeView }) {
  const { t } = useTranslation();
  const { id, kind, facts, openedAt, reviewDue } = change;
  return (
    <Tr>
      <Td dataLabel={t('word.change')}>
        <Link to="/changes/$id" params={{ id }} translate="no">
          {id}
        </Link>
      </Td>
      <Td dataLabel={t('changes.what')}>
        <span translate="no">{`${facts.component}@${facts.version} → ${facts.environment}`}</span>
        {reviewDue ? (
          <Label isCompact color="orange">
            {t('changes.reviewDue')}
          </Label>
        ) : null}
      </Td>
      <Td dataLabel={t('word.kind')}>{t(`changeKind.${kind}`)}</Td>
      <Td dataLabel={t('word.state')}>
        <ChangeState change={change} />
      </Td>
      <Td dataLabel={t('word.risk')}>
        <RiskLabel level={facts.risk.level} />
      </Td>
      <Td dataLabel={t('changes.opened')}>
        <Ago at={openedAt} /> <span className="quiet">{facts.requestedBy}</span>
      </Td>
    </Tr>
  );
}
