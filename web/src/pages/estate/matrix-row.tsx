/** One component in every environment. Of few elements: hundreds of cells change with each frame of a scroll. */

import type { EstateCellView, EstateRowView } from '@beluga/contract/console-schema';
import { memo } from 'react';
import type { MatrixWords } from './matrix-words.ts';

/** In pixels, as in console.css. */
export const rowHeight = 52;
type Props = {
  readonly row: EstateRowView;
  readonly index: number;
  readonly environments: readonly string[];
  readonly words: MatrixWords;
};

export const MatrixRow = memo(function MatrixRow({ row, index, environments, words }: Props) {
  return (
    <div role="row" className="matrix-row" aria-rowindex={index + 2} style={{ top: index * rowHeight }}>
      <div role="rowheader">
        <a href={`/components/${row.component}`}>{row.component}</a>
        <br />
        <small>
          {row.system}
          {row.criticality === 'critical' ? <span className="critical">{words.critical}</span> : null}
        </small>
      </div>
      {environments.map((environment) => (
        <div role="cell" key={environment}>
          <Cell cell={row.cells.find((one) => one.environment === environment)} component={row.component} words={words} />
        </div>
      ))}
    </div>
  );
});

type CellProps = { readonly cell: EstateCellView | undefined; readonly component: string; readonly words: MatrixWords };

function Cell({ cell, component, words }: CellProps) {
  if (cell === undefined)
    return (
      <span className="nothing" aria-label={words.notHere}>
        –
      </span>
    );
  const { state, version, environment, behind, at, ready, wanted } = cell;
  return (
    <>
      <span className={`sign sign-${state}`} role="img" aria-label={words.state(state)} />
      <a href={`/components/${component}?environment=${environment}`} translate="no">
        {version}
      </a>
      <br />
      <small>
        {state === 'degraded' ? `${ready}/${wanted} · ${words.age(at)}` : words.age(at)}
        {behind > 0 ? (
          <span className="behind" title={words.behind(behind)[1]}>
            {words.behind(behind)[0]}
          </span>
        ) : null}
      </small>
    </>
  );
}
