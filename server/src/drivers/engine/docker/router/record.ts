/** The router's record on disk: its state, and what HAProxy reads of it when it starts. Each file is replaced whole. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { BelugaError } from '../../../../errors.ts';
import { type Paths, renderAllowed, renderConfiguration, renderPlaces, renderPorts, type Shape } from './configuration.ts';
import { noState, type RouterState } from './state.ts';

type Recorded = RouterState & { readonly closedPorts?: readonly number[] };

/** What was recorded; nothing when there is no record yet. */
export async function loadState(files: Paths): Promise<Recorded> {
  try {
    const text = await readFile(files.state, 'utf8');
    return { ...noState, ...(JSON.parse(text) as Recorded) };
  } catch {
    return noState;
  }
}

/** Throws `disk-full`. */
export async function saveState(files: Paths, shape: Shape, state: RouterState): Promise<void> {
  const closedPorts = all(shape).filter((port) => !shape.open.includes(port));
  const recorded: Recorded = { pools: state.pools, allowed: state.allowed, closedPorts };
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await Promise.all([
    replace(files, files.state, JSON.stringify(recorded, null, 1)),
    replace(files, files.configuration, renderConfiguration(shape, state, files)),
    replace(files, files.ports, renderPorts(state)),
    replace(files, files.places, renderPlaces(state)),
    replace(files, files.allowed, renderAllowed(state)),
  ]);
}

function all(shape: Shape): readonly number[] {
  return Array.from({ length: shape.range.last - shape.range.first + 1 }, (_, index) => shape.range.first + index);
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
