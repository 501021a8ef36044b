/** The router's record on disk: its state, and what HAProxy reads of it when it starts. Each file is replaced whole. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { BelugaError } from '../../../../errors.ts';
import {
  type Paths,
  renderAllowed,
  renderConfiguration,
  renderPlaces,
  renderPorts,
  renderShares,
  renderTrials,
  type Shape,
} from './configuration.ts';
import { renderHealth } from './health.ts';
import { noState, type RouterState } from './state.ts';

export type Recorded = { readonly state: RouterState; readonly shape: Shape | null };

/** What was recorded; nothing when there is no record yet. */
export async function readRecord(files: Paths): Promise<Recorded> {
  try {
    return JSON.parse(await readFile(files.state, 'utf8')) as Recorded;
  } catch {
    return { state: noState, shape: null };
  }
}

/** Throws `disk-full`. */
export async function writeRecord(files: Paths, shape: Shape, state: RouterState): Promise<void> {
  const recorded: Recorded = { state, shape };
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await Promise.all([
    replace(files, files.configuration, renderConfiguration(shape, state, files)),
    replace(files, files.ports, renderPorts(state)),
    replace(files, files.places, renderPlaces(state)),
    replace(files, files.allowed, renderAllowed(state)),
    replace(files, files.health, renderHealth(state)),
    replace(files, files.trials, renderTrials(state)),
    replace(files, files.shares, renderShares(state)),
  ]);
  await replace(files, files.state, JSON.stringify(recorded, null, 1));
}

/** Tells one writing of the record from another. */
export async function recordStamp(files: Paths): Promise<string> {
  const found = await stat(files.state, { bigint: true }).catch(() => null);
  return found === null ? '' : `${found.ino}.${found.mtimeNs}`;
}

async function replace(files: Paths, path: string, content: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, content, { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')
      throw new BelugaError('disk-full', { folder: files.folder }, { cause });
    throw cause;
  }
}
