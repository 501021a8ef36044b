/** The lines in sight. It stays at the end while it follows; scrolling up pauses it. */

import { getRouteApi } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../parts/empty.tsx';
import type { Line } from './log-lines.ts';

const route = getRouteApi('/components/$component');
const lineHeight = 24;
type Props = {
  readonly lines: readonly Line[];
  readonly words: string;
  readonly target: string | undefined;
  readonly follow: boolean;
  readonly pause: () => void;
};

export function LogView({ lines, words, target, follow, pause }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 30,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const choose = useChoose();
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, lines.length, virtual]);
  const place = useMemo(() => (target === undefined ? -1 : lines.findIndex((line) => line.key === target)), [lines, target]);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'center' });
  }, [place, virtual]);
  const scroll = (up: boolean): void => {
    if (up && follow) pause();
  };
  if (lines.length === 0)
    return (
      <Empty title={t('logs.none')} filtered>
        {t('logs.noneText')}
      </Empty>
    );
  return (
    <div
      ref={box}
      className="log"
      role="log"
      aria-live="off"
      aria-label={t('tab.logs')}
      tabIndex={0}
      onWheel={(event) => scroll(event.deltaY < 0)}
      onKeyDown={(event) => scroll(['ArrowUp', 'PageUp', 'Home'].includes(event.key))}
    >
      <div className="log-lines" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="log-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              <LogLine line={line} words={words} chosen={line.key === target} choose={choose} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Puts a line into the address, so that it can be sent to somebody. */
function useChoose(): (line: Line) => void {
  const navigate = route.useNavigate();
  return useCallback(
    (line) => void navigate({ search: (all) => ({ ...all, line: line.key }), replace: true, resetScroll: false }),
    [navigate],
  );
}

type LineProps = { readonly line: Line; readonly words: string; readonly chosen: boolean; readonly choose: (line: Line) => void };

const LogLine = memo(function LogLine({ line, words, chosen, choose }: LineProps) {
  const { t } = useTranslation();
  return (
    <div className={`log-line log-${line.level}${chosen ? ' log-chosen' : ''}`} translate="no">
      <button type="button" className="log-time" title={t('logs.link')} onClick={() => choose(line)}>
        {clock(line.at)}
      </button>
      <span className="log-instance" title={line.instance}>
        {line.instance
          .split('.')
          .slice(-2)
          .join('.')
          .replace(/^([0-9a-f]{6})[0-9a-f]*/, '$1')}
      </span>
      <span className="log-text">{marked(line.text, words)}</span>
    </div>
  );
});

function clock(at: string): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** The text with what was searched for marked. */
function marked(text: string, words: string): ReactNode {
  if (words === '') return text;
  const parts: ReactNode[] = [];
  const [lower, wanted] = [text.toLowerCase(), words.toLowerCase()];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}
