/**
 * Whether an image conforms: four rules, each computed from its layers and its configuration, none from what a label claims.
 *
 * Whether the socle is still supported is asked anew each time: it changes after the image was made.
 */
import type { ImageFacts } from './image.ts';
import type { Spec } from './release.ts';

export type ComplianceRule = 'socle' | 'user' | 'privileged' | 'port';
export type RuleVerdict = { readonly rule: ComplianceRule; readonly met: boolean; readonly sentence: string };
export type Compliance = { readonly met: boolean; readonly rules: readonly RuleVerdict[] };

/** What is known of a socle today; `unsupported` says since when or why, null while it may be used. */
export type SocleStanding = { readonly name: string; readonly number: number; readonly unsupported: string | null };

/** `socle` is the one whose layers the image begins with; null when there is none. */
export function complianceOf(facts: ImageFacts, spec: Spec, socle: SocleStanding | null): Compliance {
  const rules = [socleRule(socle), userRule(facts), privilegedRule(facts), portRule(facts, spec)];
  return { met: rules.every(({ met }) => met), rules };
}

/** The socle whose layers the image begins with; of several the highest. */
export function socleBelow<S extends { readonly diffIds: readonly string[] }>(diffIds: readonly string[], socles: readonly S[]): S | null {
  const below = socles.filter((socle) => socle.diffIds.length > 0 && socle.diffIds.every((id, index) => diffIds[index] === id));
  return below.reduce<S | null>((best, one) => (best === null || one.diffIds.length > best.diffIds.length ? one : best), null);
}

function socleRule(socle: SocleStanding | null): RuleVerdict {
  if (socle === null) return { rule: 'socle', met: false, sentence: 'It stands on no socle of this platform.' };
  if (socle.unsupported !== null)
    return { rule: 'socle', met: false, sentence: `It stands on socle ${socle.name}, version ${socle.number}: ${socle.unsupported}.` };
  return { rule: 'socle', met: true, sentence: `It stands on socle ${socle.name}, version ${socle.number}.` };
}

function userRule({ user }: ImageFacts): RuleVerdict {
  if (user.id === 0) return { rule: 'user', met: false, sentence: 'It runs as root.' };
  if (user.id === null) return { rule: 'user', met: false, sentence: `It runs as ${user.name}, an account that the image does not have.` };
  const name = user.name === String(user.id) ? user.name : `${user.name} (${user.id})`;
  return { rule: 'user', met: true, sentence: `It runs as user ${name}.` };
}

const namedAtMost = 3;

function privilegedRule({ privileged }: ImageFacts): RuleVerdict {
  if (privileged.length === 0) return { rule: 'privileged', met: true, sentence: 'No program in it is setuid or setgid.' };
  const named = privileged.slice(0, namedAtMost).map(({ path, storey }) => `${path} (${storey})`);
  const more = privileged.length > namedAtMost ? ` and ${privileged.length - namedAtMost} more` : '';
  return { rule: 'privileged', met: false, sentence: `Programs in it are setuid or setgid: ${named.join(', ')}${more}.` };
}

/** Below 1024 only root may listen. */
function portRule({ ports }: ImageFacts, { kind, run }: Spec): RuleVerdict {
  if (kind === 'Job') return { rule: 'port', met: true, sentence: 'A job listens on no port.' };
  if (run.port < 1024) return { rule: 'port', met: false, sentence: `It listens on port ${run.port}, which only root may.` };
  if (ports.includes(run.port)) return { rule: 'port', met: true, sentence: `The image declares port ${run.port}, as beluga.yaml does.` };
  const declared = ports.length === 0 ? 'no port' : `port ${ports.join(', ')}`;
  return { rule: 'port', met: false, sentence: `The image declares ${declared}, and beluga.yaml declares ${run.port}.` };
}
