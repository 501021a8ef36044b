/** What an access token is good for, in the words of distribution.github.io/distribution/spec/auth/scope; pure. */
export type Action = 'pull' | 'push' | 'delete';
/** The catalogue of all repositories has no name. */
export type Scope = { readonly repository: string; readonly actions: readonly Action[] };

const actions: readonly Action[] = ['pull', 'push', 'delete'];

/** The scopes of a query, `repository:a/b:pull,push` each, also several in one value; what is none is left out. */
export function scopesIn(query: URLSearchParams): readonly Scope[] {
  return query
    .getAll('scope')
    .flatMap((text) => text.split(' '))
    .flatMap((text) => {
      const [, kind, name = '', list = ''] = /^(repository|registry)(?:\([\w-]+\))?:([^:\s]+):([\w,*]+)$/.exec(text) ?? [];
      if (kind === undefined || (kind === 'registry' && name !== 'catalog')) return [];
      const asked = list === '*' ? actions : actions.filter((action) => list.split(',').includes(action));
      return [{ repository: kind === 'registry' ? '' : name, actions: kind === 'registry' ? ['pull'] : asked }];
    });
}

/** As a challenge says which scope is lacking. */
export function spell({ repository, actions: list }: Scope): string {
  return repository === '' ? 'registry:catalog:*' : `repository:${repository}:${list.join(',')}`;
}

/** Whether one of the scopes is for this. Whoever may push may delete: some clients ask for no more when they delete. */
export function covers(scopes: readonly Scope[], repository: string, action: Action): boolean {
  return scopes.some(
    (scope) =>
      scope.repository === repository && (scope.actions.includes(action) || (action === 'delete' && scope.actions.includes('push'))),
  );
}
