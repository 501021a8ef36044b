/** From what happened to what others are told: pure, so that a log read again gives the same deliveries. */
import type { Change, ChangeState } from '../changes/change.ts';
import type { DeliveryBody } from './delivery.ts';

export type Happening = { readonly type: string; readonly subject: string; readonly time: string; readonly data: unknown };

/** Who is told, and about what. */
export type Target = {
  readonly name: string;
  readonly kind: 'itsm' | 'channel';
  /** Null: all of them. */
  readonly systems: readonly string[] | null;
};

export type Draft = {
  readonly target: string;
  readonly key: string;
  readonly body: DeliveryBody;
  /** How long to wait for others of the same cause before it is sent. */
  readonly afterMs: number;
  /** How long one whose key begins alike is joined, in place of a delivery of its own; 0: never. */
  readonly joinsMs: number;
};

type Detail = Partial<Pick<Change, 'state' | 'closure' | 'note'>> & {
  readonly component?: string;
  readonly system?: string;
  readonly environment?: string;
  readonly atOnce?: boolean;
  /** What the change was before. */
  readonly from?: ChangeState;
};

const togetherMs = 15_000;
const joinsMs = 600_000;

export function deliveriesOf(event: Happening, targets: readonly Target[]): readonly Draft[] {
  const change = /^change\/(.+)$/.exec(event.subject)?.[1];
  if (change === undefined) return [];
  const detail = event.data as Detail;
  return targets
    .filter(({ systems }) => systems === null || systems.includes(detail.system ?? ''))
    .flatMap((target) => (target.kind === 'itsm' ? recordOf(event, detail, change, target) : messageOf(event, detail, change, target)));
}

/** One record for each change; what was refused at once never became one. */
function recordOf({ type }: Happening, { state, atOnce }: Detail, change: string, { name }: Target): readonly Draft[] {
  if (!/^change\.(opened|authorised|scheduled|implementing|closed|cancelled)$/.test(type) || atOnce === true) return [];
  if (type === 'change.opened' && state === 'cancelled') return [];
  return [{ target: name, key: change, body: { kind: 'change', changes: [change] }, afterMs: 0, joinsMs: 0 }];
}

/** One message at the start and one at the end; those that fail for one reason in one system are told together. */
function messageOf({ type, time }: Happening, detail: Detail, change: string, { name }: Target): readonly Draft[] {
  const one = (kind: 'started' | 'ended'): Draft => ({
    ...{ target: name, key: `${change}/${kind}`, body: { kind, changes: [change] }, afterMs: 0, joinsMs: 0 },
  });
  if (type === 'change.implementing') return [one('started')];
  // One that was told to start is told to have ended, also when nothing was touched.
  if (type !== 'change.closed' && !(type === 'change.cancelled' && detail.from === 'implementing')) return [];
  if (detail.closure === 'successful') return [one('ended')];
  const key = ['failed', detail.environment ?? '', detail.system ?? '', causeOf(detail), time].join('/');
  return [{ target: name, key, body: { kind: 'failed', changes: [change] }, afterMs: togetherMs, joinsMs }];
}

/** What two failures have in common: their reason without names, numbers and identifiers. */
function causeOf({ note, component = '' }: Detail): string {
  const bare = (note ?? '')
    .replaceAll(component === '' ? '\0' : component, '')
    .replace(/sha256:[0-9a-f]+|[A-Za-z0-9_.-]*[0-9][A-Za-z0-9_.-]*/g, '')
    .replace(/\W+/g, ' ');
  return bare.trim().toLowerCase().slice(0, 160);
}
