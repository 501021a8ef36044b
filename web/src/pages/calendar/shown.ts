/** What stands in the days that the calendar shows. */

import type { CalendarView } from '@beluga/contract/calendar-api-schema';
import type { TrainView } from '@beluga/contract/train-schema';
import type { Day } from './days.ts';

type Installed = { readonly hour: string; readonly count: number; readonly failed: number };
export type Shown = {
  readonly days: readonly Day[];
  readonly at: Date;
  readonly environment: string;
  readonly calendar: CalendarView;
  readonly trains: readonly TrainView[];
  /** By the hour. */
  readonly installed: readonly Installed[];
};
