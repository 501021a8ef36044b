/**
 * A step of a rollout, as data: printed, approved, tested and performed from the same value.
 *
 * `shift` is the irreversible one: before it the former instances serve alone, after it the new ones do.
 */
import type { Analysis, Check, Health } from '../release.ts';

export type Step =
  /** Bring the image to the engine, by digest. */
  | { readonly kind: 'pull'; readonly image: string }
  /** Start these instances side by side, without traffic. */
  | { readonly kind: 'start'; readonly instances: readonly string[] }
  /** Wait until each is ready; one that never is fails the step, with its log. */
  | { readonly kind: 'ready'; readonly instances: readonly string[]; readonly health: Health }
  /** Send the declared request to each; a wrong answer fails the step. */
  | { readonly kind: 'check'; readonly instances: readonly string[]; readonly check: Check }
  /** These get this share of the new requests, spread evenly; the former ones get the rest, and what these fail to answer and may be asked twice. */
  | { readonly kind: 'weigh'; readonly instances: readonly string[]; readonly percent: number }
  /** Watch them for `forMs` beside the former ones; worse, or too few requests to tell within the analysis' time, fails the step. */
  | { readonly kind: 'analyse'; readonly instances: readonly string[]; readonly forMs: number; readonly analysis: Analysis }
  /**
   * In one move: `add` get new requests, `remove` get no more but finish what they have. Refused if nobody would serve, unless
   * `retire` says that the component leaves the environment for good.
   */
  | { readonly kind: 'shift'; readonly add: readonly string[]; readonly remove: readonly string[]; readonly retire?: true }
  /** Wait until these have no request left, at most the grace. */
  | { readonly kind: 'drain'; readonly instances: readonly string[]; readonly graceMs: number }
  /** Stop and remove these. Refused while one of them still serves. */
  | { readonly kind: 'stop'; readonly instances: readonly string[]; readonly graceMs: number }
  /** Record that runs of the job start from this release from now on. */
  | { readonly kind: 'schedule'; readonly cron: string };

export type StepKind = Step['kind'];
