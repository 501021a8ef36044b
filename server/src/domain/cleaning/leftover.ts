/**
 * Leftovers: what this platform put on an engine and nothing needs any more. What runs, what may be rolled back to, what is on its way, and
 * everything that is not this platform's own stays.
 */

/** Something on the engine, as the engine tells it. */
export type Holding = {
  readonly kind: 'image' | 'network' | 'task' | 'files';
  /** `registry/name@sha256:…`, the name of a network or of a task, or the instance that files were written for. */
  readonly name: string;
  /** Of a network. */
  readonly environment: string | null;
  readonly sizeBytes: number | null;
  /** By a container of whomever. */
  readonly used: boolean;
};
export type Leftover = Pick<Holding, 'kind' | 'name' | 'sizeBytes'> & { readonly reason: string };

export type Needs = {
  /** Images of this platform's releases; others are somebody else's. */
  readonly own: ReadonlySet<string>;
  /** Of those, what is current somewhere, what it replaced, and what waits or moves. */
  readonly needed: ReadonlySet<string>;
  readonly environments: readonly string[];
  /** Tasks whose outcome is not recorded yet; a further attempt has a number behind the name. */
  readonly openTasks: readonly string[];
};

export function leftoversOf(holdings: readonly Holding[], needs: Needs): readonly Leftover[] {
  return holdings.flatMap((holding) => {
    const reason = holding.used ? null : reasonOf(holding, needs);
    return reason === null ? [] : [{ kind: holding.kind, name: holding.name, sizeBytes: holding.sizeBytes, reason }];
  });
}

function reasonOf({ kind, name, environment }: Holding, { own, needed, environments, openTasks }: Needs): string | null {
  switch (kind) {
    case 'image':
      return own.has(name) && !needed.has(name) ? 'No release that runs, waits or is offered for rollback needs it.' : null;
    case 'network':
      return environment === null || environments.includes(environment) ? null : `There is no environment ${environment} any more.`;
    case 'task':
      return openTasks.some((task) => name === task || name.startsWith(`${task}-`)) ? null : 'It ended, and what it did is recorded.';
    case 'files':
      return 'Its instance is gone.';
  }
}
