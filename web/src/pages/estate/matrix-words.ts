/** What the cells of the matrix say, each sentence made once. */

import type { EstateCellView } from '@beluga/contract/console-schema';
import type { TFunction } from 'i18next';
import { relative } from '../../parts/time.tsx';

export type MatrixWords = {
  readonly notHere: string;
  readonly critical: string;
  readonly state: (state: EstateCellView['state']) => string;
  readonly age: (at: string) => string;
  readonly behind: (count: number) => readonly [short: string, long: string];
};

export function wordsOf(t: TFunction, language: string, asOf: number): MatrixWords {
  return {
    notHere: t('estate.notHere'),
    critical: t('criticality.critical'),
    state: kept((state) => t(`state.${state}`)),
    age: kept((at) => relative(at, language, asOf)),
    behind: kept((count) => [t('estate.behind', { count }), t('estate.behindLong', { count })]),
  };
}

function kept<Key, Words>(make: (key: Key) => Words): (key: Key) => Words {
  const all = new Map<Key, Words>();
  return (key) => {
    const known = all.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    all.set(key, made);
    return made;
  };
}
