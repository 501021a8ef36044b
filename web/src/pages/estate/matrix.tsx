/** Components by environments: only the rows in sight are drawn, so that ten thousand cells scroll smoothly. */

import type { EstateCellView, EstateRowView } from '@beluga/contract/console-schema';
import { useRouter } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, memo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isState, StateSign } from '../../parts/states.tsx';
import { relative } from '../../parts/time.tsx';

const rowPixels = 52;
/** Of the head with the borders around. */
const headPixels = 44;
type Props = { readonly rows: readonly EstateRowView[]; readonly environments: readonly string[]; readonly asOf: number };

export function Matrix({ rows, environments, asOf }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowPixels, overscan: 4 });
  const follow = useFollow();
  return (
    <div
      ref={box}
      className="matrix-box"
      role="region"
      aria-label={t('estate.matrix')}
      tabIndex={0}
      style={{ maxBlockSize: headPixels + rows.length * rowPixels }}
    >
      <div
        className="matrix"
        role="table"
        aria-label={t('estate.matrix')}
        aria-rowcount={rows.length + 1}
        aria-colcount={environments.length + 1}
        onClick={follow}
      >
        <div role="rowgroup" className="matrix-head">
          <div role="row" className="matrix-row" aria-rowindex={1}>
            <div role="columnheader">{t('word.component')}</div>
            {environments.map((name) => (
              <div role="columnheader" key={name} translate="no">
                {name}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="matrix-rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <Row key={row.component} row={row} environments={environments} index={index} start={start} asOf={asOf} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** One listener for all links: a click stays in the page, as with any link of the console. */
function useFollow(): (event: MouseEvent) => void {
  const router = useRouter();
  return (event) => {
    const link = (event.target as Element).closest('a');
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void router.navigate({ href: link.getAttribute('href') ?? '/' });
  };
}

type RowProps = {
  readonly row: EstateRowView;
  readonly environments: readonly string[];
  readonly index: number;
  readonly start: number;
  readonly asOf: number;
};

const Row = memo(function Row({ row, environments, index, start, asOf }: RowProps) {
  const { t } = useTranslation();
  return (
    <div role="row" className="matrix-row" aria-rowindex={index + 2} style={{ transform: `translateY(${start}px)` }}>
      <div role="rowheader">
        <a href={`/components/${row.component}`}>{row.component}</a>
        <small>
          {row.system}
          {row.criticality === 'critical' ? <span className="critical">{t('criticality.critical')}</span> : null}
        </small>
      </div>
      {environments.map((environment) => {
        const cell = row.cells.find((one) => one.environment === environment);
        return (
          <div role="cell" key={environment}>
            {cell === undefined ? (
              <span className="nothing" aria-label={t('estate.notHere')}>
                –
              </span>
            ) : (
              <Cell cell={cell} component={row.component} asOf={asOf} />
            )}
          </div>
        );
      })}
    </div>
  );
});

function Cell({ cell, component, asOf }: { readonly cell: EstateCellView; readonly component: string; readonly asOf: number }) {
  const { t, i18n } = useTranslation();
  const { state, version, environment, behind, at, ready, wanted } = cell;
  return (
    <>
      {isState(state) ? <StateSign state={state} /> : null}
      <span className="cell-words">
        <a href={`/components/${component}?environment=${environment}`} title={version} translate="no">
          {version}
        </a>
        <small>
          {state === 'degraded' ? `${ready}/${wanted} · ` : ''}
          {relative(at, i18n.language, asOf)}
          {behind > 0 ? (
            <span className="behind" title={t('estate.behindLong', { count: behind })}>
              {t('estate.behind', { count: behind })}
            </span>
          ) : null}
        </small>
      </span>
    </>
  );
}
