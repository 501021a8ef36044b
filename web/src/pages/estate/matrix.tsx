/** Components by environments: only the rows in sight are drawn, so that ten thousand cells scroll smoothly. */

import type { EstateRowView } from '@beluga/contract/console-schema';
import { useRouter } from '@tanstack/react-router';
import { type MouseEvent, type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { MatrixRow, rowHeight } from './matrix-row.tsx';
import { wordsOf } from './matrix-words.ts';
import { nothingYet, type Sight, sightAt } from './sight.ts';

/** Of the head with the borders around. */
const headHeight = 44;
type Props = { readonly rows: readonly EstateRowView[]; readonly environments: readonly string[]; readonly asOf: number };

export function Matrix({ rows, environments, asOf }: Props) {
  const { t, i18n } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const { first, end, shift, look } = useSight(box, rows.length);
  const words = useMemo(() => wordsOf(t, i18n.language, asOf), [t, i18n.language, asOf]);
  const follow = useFollow();
  return (
    <div
      ref={box}
      className="matrix-box"
      role="region"
      aria-label={t('estate.matrix')}
      tabIndex={0}
      style={{ maxBlockSize: headHeight + rows.length * rowHeight }}
      onScroll={() => flushSync(look)}
    >
      <div
        className="matrix"
        role="table"
        aria-label={t('estate.matrix')}
        aria-rowcount={rows.length + 1}
        aria-colcount={environments.length + 1}
        onClick={follow}
        onPointerOver={tellWhole}
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
        <div role="rowgroup" className="matrix-rows" style={{ height: rows.length * rowHeight }}>
          {rows.slice(first, end).map((row, place) => (
            <MatrixRow key={first + place + shift} row={row} index={first + place} environments={environments} words={words} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The rows to draw; `look` asks the box again where it stands. */
function useSight(box: RefObject<HTMLDivElement | null>, count: number): Sight & { readonly look: () => void } {
  const [sight, see] = useState(nothingYet);
  const look = useCallback(() => {
    const node = box.current;
    if (node === null) return;
    const { scrollTop: top, clientHeight: height } = node;
    see((before) => {
      const next = sightAt({ top, height, rowHeight, count }, before);
      if (next.shift !== before.shift) leaveRows(node);
      return next;
    });
  }, [box, count]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(look);
    if (box.current !== null) observer.observe(box.current);
    look();
    return () => observer.disconnect();
  }, [box, look]);
  return { ...sight, end: Math.min(sight.end, count), look };
}

/** An element that will show another row must not keep the focus of whoever was on the former one. */
function leaveRows(box: HTMLElement): void {
  if (document.activeElement !== box && box.contains(document.activeElement)) box.focus({ preventScroll: true });
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

/** Where the pointer comes, what is cut off or only drawn is told whole; nowhere else does it cost anything. */
function tellWhole({ target }: { readonly target: EventTarget }): void {
  if (!(target instanceof Element)) return;
  const cell = target.closest<HTMLElement>('[role=cell], [role=rowheader]');
  if (cell === null) return;
  const sign = cell.querySelector('[role=img]')?.getAttribute('aria-label') ?? null;
  cell.title = [sign, cell.scrollWidth > cell.clientWidth ? cell.innerText : null].filter((part) => part !== null).join(' · ');
}
