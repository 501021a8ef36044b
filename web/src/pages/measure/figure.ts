/** A figure for people, in the words and numbers of their language. */

import type { MeasuresView } from '@beluga/contract/measure-schema';
import type { TFunction } from 'i18next';

type Unit = MeasuresView['figures'][number]['unit'];

export function valueOf(value: number | null, unit: Unit, language: string, t: TFunction): string {
  if (value === null) return '–';
  if (unit === 'share') return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  if (unit === 'per day')
    return t('measures.perDay', { value: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value) });
  return hoursOf(value, language);
}

/** In the unit that suits: seconds for what is quick, days for what takes more than three. */
export function hoursOf(hours: number, language: string): string {
  const [value, unit] =
    hours > 72 ? [hours / 24, 'day'] : hours >= 2 ? [hours, 'hour'] : hours >= 1 / 60 ? [hours * 60, 'minute'] : [hours * 3600, 'second'];
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
}
