import { type Digest, isDigest } from './digest.ts';
import { OciError, problemOf } from './errors.ts';

/** An image that a Containerfile stands on or copies from, pinned. */
export interface PinnedBase {
  /** As it was written, variables filled in. */
  readonly named: string;
  /** `name@sha256:…`, as it is built. */
  readonly pinned: string;
}

/** Gives what an image's name means now, as `name@sha256:…`. */
export type Pin = (named: string) => Promise<string>;

interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * A Containerfile whose images are all named by digest: FROM, COPY --from and RUN --mount=from, with the defaults of ARG filled in.
 *
 * Stages, `scratch` and what has a digest already stay as they are. Throws `base-not-pinned` with the line of the first image that cannot be.
 */
export async function pinContainerfile(
  text: string,
  file: string,
  pin: Pin,
): Promise<{ readonly text: string; readonly bases: readonly PinnedBase[] }> {
  const lines = text.split('\n');
  const stages = new Set<string>(['scratch']);
  const defaults = new Map<string, string>();
  const pinned = new Map<string, Promise<string>>();
  const bases: PinnedBase[] = [];
  for (const line of instructionsIn(lines)) {
    readDefault(line.text, defaults, stages.size === 1);
    for (const found of imagesIn(line.text)) {
      const named = filled(found.written, defaults);
      if (!stages.has(named.toLowerCase()) && !/^[0-9]+$/.test(named)) {
        const name = await pinOne(named, line, file, pin, pinned);
        if (found.kind === 'from') bases.push({ named, pinned: name });
        lines[line.number - 1] = (lines[line.number - 1] ?? '').replace(found.written, name);
      }
      if (found.kind === 'from') stages.add((found.stage ?? `stage ${stages.size}`).toLowerCase());
    }
  }
  if (bases.length === 0 && stages.size === 1)
    throw new OciError('base-not-pinned', { file, line: 1, image: '', problem: 'it has no FROM' });
  return { text: lines.join('\n'), bases };
}

async function pinOne(named: string, line: Line, file: string, pin: Pin, known: Map<string, Promise<string>>): Promise<string> {
  const at = named.lastIndexOf('@');
  if (at > 0 && isDigest(named.slice(at + 1) as Digest)) return named;
  const asked = known.get(named) ?? (named.includes('$') ? Promise.reject(new Error('it has a variable without a default')) : pin(named));
  known.set(named, asked);
  try {
    return await asked;
  } catch (error) {
    const problem = problemOf(error).replace(/\.$/, '');
    throw new OciError('base-not-pinned', { file, line: line.number, image: named, problem }, { cause: error });
  }
}

/** The first line of each instruction; comments and the bodies of here-documents are none. */
function* instructionsIn(lines: readonly string[]): Generator<Line> {
  let isContinued = false;
  let until: string | null = null;
  for (const [at, text] of lines.entries()) {
    if (until !== null) {
      if (text.trim() === until) until = null;
      continue;
    }
    if (/^\s*(#|$)/.test(text)) continue;
    if (!isContinued || /--(from|mount)=/.test(text)) yield { number: at + 1, text };
    until = /<<-?\s*["']?([A-Za-z_]\w*)["']?/.exec(text)?.[1] ?? null;
    isContinued = /\\\s*$/.test(text);
  }
}

type Found =
  | { readonly kind: 'from'; readonly written: string; readonly stage?: string }
  | { readonly kind: 'copy'; readonly written: string };

function imagesIn(text: string): readonly Found[] {
  const [, written, stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(text) ?? [];
  if (written !== undefined) return [{ kind: 'from', written, ...(stage === undefined ? {} : { stage }) }];
  return [...text.matchAll(/(?:--from=|--mount=\S*?\bfrom=)([^\s,]+)/g)].map((match) => ({ kind: 'copy', written: match[1] ?? '' }));
}

/** ARG before the first FROM may stand in a FROM. */
function readDefault(text: string, defaults: Map<string, string>, isBeforeFrom: boolean): void {
  const [, name, value] = /^\s*ARG\s+(\w+)=["']?([^"'\s]*)["']?\s*$/i.exec(text) ?? [];
  if (name !== undefined && value !== undefined && isBeforeFrom) defaults.set(name, value);
}

function filled(written: string, defaults: ReadonlyMap<string, string>): string {
  return written.replaceAll(/\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (hole: string, braced?: string, usual?: string, bare?: string) => {
    return defaults.get(braced ?? bare ?? '') ?? usual ?? hole;
  });
}
