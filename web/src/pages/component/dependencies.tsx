/** Who needs this component, and what it needs, as many levels away as one asks for: a graph of links, and the same as a table. */

import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Button } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Fragment, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../parts/empty.tsx';
import { componentsQuery } from '../../queries.ts';
import { type Graph, graphOf, type Level, type Side } from './graph.ts';

const route = getRouteApi('/components/$component');
/** In pixels: of a line of the graph, and of the space between two columns. */
const [row, gap] = [36, 44];
/** In one column; the table has them all. */
const most = 15;
type SideName = keyof Graph;

export function Dependencies({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const { levels = '1' } = route.useSearch();
  const depth = Math.max(1, Math.min(50, Number.parseInt(levels, 10) || 1));
  const all = useQuery(componentsQuery).data?.items;
  const graph = useMemo(() => graphOf(page.component, all ?? [], depth), [page.component, all, depth]);
  if (graph.dependents.levels.length + graph.dependsOn.levels.length === 0)
    return <Empty title={t('dependencies.none')}>{t('dependencies.noneText')}</Empty>;
  return (
    <>
      <Depth depth={depth} further={graph.dependents.further + graph.dependsOn.further} />
      <Drawing name={page.component.name} graph={graph} />
      <details className="graph-table">
        <summary>{t('dependencies.asTable')}</summary>
        <AsTable graph={graph} />
      </details>
    </>
  );
}

/** How many levels are shown: in the address, so that the picture can be sent to somebody. */
function Depth({ depth, further }: { readonly depth: number; readonly further: number }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const show = (levels: number): void =>
    void navigate({ search: (all) => ({ ...all, levels: levels === 1 ? undefined : String(levels) }), replace: true, resetScroll: false });
  return (
    <div className="tab-tools">
      <span role="status">{t('dependencies.levels', { count: depth })}</span>
      <Button variant="secondary" size="sm" isDisabled={further === 0} onClick={() => show(depth + 1)}>
        {further === 0 ? t('dependencies.noFurther') : t('dependencies.further', { count: further })}
      </Button>
      {depth === 1 ? null : (
        <Button variant="link" size="sm" onClick={() => show(depth - 1)}>
          {t('dependencies.less')}
        </Button>
      )}
    </div>
  );
}

function Drawing({ name, graph }: { readonly name: string; readonly graph: Graph }) {
  const { t } = useTranslation();
  const self: Level = [{ name, through: [] }];
  const sizes = [...graph.dependents.levels, ...graph.dependsOn.levels].map((level) => Math.min(level.length, most + 1));
  const height = row * Math.max(1, ...sizes);
  const box = useMiddle(graph);
  return (
    <div ref={box} className="graph" role="region" aria-label={t('tab.dependencies')} tabIndex={0}>
      <Columns side="dependents" of={graph.dependents} self={self} height={height} />
      <div className="graph-column">
        <h2>{t('word.component')}</h2>
        <ul style={{ paddingBlockStart: topOf(self, height) }}>
          <li>
            <strong className="graph-node graph-self" translate="no">
              {name}
            </strong>
          </li>
        </ul>
      </div>
      <Columns side="dependsOn" of={graph.dependsOn} self={self} height={height} />
    </div>
  );
}

/** Where it is wider than the page, it begins around the component itself. */
function useMiddle(graph: Graph) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const self = box.current?.querySelector<HTMLElement>('.graph-self');
    if (box.current === null || self === null || self === undefined || graph.dependents.levels.length === 0) return;
    box.current.scrollLeft += self.getBoundingClientRect().left - box.current.getBoundingClientRect().left - box.current.clientWidth / 2;
  }, [graph]);
  return box;
}

type ColumnsProps = { readonly side: SideName; readonly of: Side; readonly self: Level; readonly height: number };

/** Those that depend on it to the left, the furthest first; those it needs to the right. */
function Columns({ side, of: { levels }, self, height }: ColumnsProps) {
  const { t } = useTranslation();
  const pairs = levels.map((level, index) => {
    const title = titleOf(t(`dependencies.${side}`), index + 1);
    const lines = <Lines key="lines" from={levels[index - 1] ?? self} to={level} height={height} mirrored={side === 'dependents'} />;
    const column = <Column key="column" title={title} level={level} height={height} />;
    return <Fragment key={title}>{side === 'dependents' ? [column, lines] : [lines, column]}</Fragment>;
  });
  if (pairs.length === 0)
    return (
      <div className="graph-column">
        <h2>{t(`dependencies.${side}`)}</h2>
        <p className="quiet">{t('dependencies.nobody')}</p>
      </div>
    );
  return side === 'dependents' ? pairs.toReversed() : pairs;
}

function titleOf(words: string, level: number): string {
  return level === 1 ? words : `${words} · ${level}`;
}

type ColumnProps = { readonly title: string; readonly level: Level; readonly height: number };

function Column({ title, level, height }: ColumnProps) {
  const { t } = useTranslation();
  return (
    <div className="graph-column">
      <h2>{title}</h2>
      <ul style={{ paddingBlockStart: topOf(level, height) }}>
        {level.slice(0, most).map(({ name }) => (
          <li key={name}>
            <ComponentLink name={name} className="graph-node" />
          </li>
        ))}
        {level.length > most ? <li className="quiet">{t('dependencies.more', { count: level.length - most })}</li> : null}
      </ul>
    </div>
  );
}

/** The level before is nearer to the component; lines go from each of its names to those that it leads to. */
function Lines({
  from,
  to,
  height,
  mirrored,
}: {
  readonly from: Level;
  readonly to: Level;
  readonly height: number;
  readonly mirrored: boolean;
}) {
  const places = new Map(from.slice(0, most).map(({ name }, index) => [name, topOf(from, height) + index * row + row / 2]));
  const [near, far] = mirrored ? [gap, 0] : [0, gap];
  return (
    <svg className="graph-lines" width={gap} height={height} aria-hidden="true">
      {to.slice(0, most).flatMap(({ name, through }, index) => {
        const y = topOf(to, height) + index * row + row / 2;
        return through.flatMap((before) => {
          const start = places.get(before);
          if (start === undefined) return [];
          return [<path key={`${before} ${name}`} d={`M${near} ${start} C ${gap / 2} ${start}, ${gap / 2} ${y}, ${far} ${y}`} />];
        });
      })}
    </svg>
  );
}

/** Where a column begins, so that all stand around the same middle. */
function topOf(level: Level, height: number): number {
  return (height - row * Math.min(level.length, most + 1)) / 2;
}

function AsTable({ graph }: { readonly graph: Graph }) {
  const { t } = useTranslation();
  const rows = (['dependsOn', 'dependents'] as const).flatMap((side) =>
    graph[side].levels.flatMap((level, index) => level.map((one) => ({ ...one, side, distance: index + 1 }))),
  );
  return (
    <Table aria-label={t('tab.dependencies')} variant="compact">
      <Thead>
        <Tr>
          <Th>{t('word.component')}</Th>
          <Th>{t('dependencies.relation')}</Th>
          <Th>{t('dependencies.level')}</Th>
          <Th>{t('dependencies.through')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map(({ name, side, distance, through }) => (
          <Tr key={`${side} ${name}`}>
            <Td dataLabel={t('word.component')}>
              <ComponentLink name={name} />
            </Td>
            <Td dataLabel={t('dependencies.relation')}>{t(`dependencies.${side}`)}</Td>
            <Td dataLabel={t('dependencies.level')}>{distance}</Td>
            <Td dataLabel={t('dependencies.through')} translate="no">
              {distance === 1 ? '–' : through.join(', ')}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function ComponentLink({ name, className = '' }: { readonly name: string; readonly className?: string }) {
  return (
    <Link to="/components/$component" params={{ component: name }} search={{ tab: 'dependencies' }} className={className} translate="no">
      {name}
    </Link>
  );
}
