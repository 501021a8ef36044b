import type { Credentials } from './credentials.ts';
import { type HttpAnswer, type HttpClient, readAll } from './http.ts';

/** What a request needs: `pull` or `pull,push` on a repository. */
export interface Scope {
  readonly repository: string;
  readonly actions: 'pull' | 'pull,push';
}

type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly service: string | undefined; readonly scope: string | undefined };

/** Answers the challenges of a registry, by the rules of distribution.github.io/distribution/spec/auth. */
export class Authorization {
  readonly #http: HttpClient;
  readonly #find: () => Promise<Credentials | undefined>;
  /** A token that was given is shown before anybody asks: one request less for each repository. */
  readonly #given: string | undefined;
  readonly #tokens = new Map<string, string>();
  readonly #asked = new Map<string, Promise<void>>();
  #basic: string | undefined;
  #credentials: Promise<Credentials | undefined> | undefined;

  constructor(http: HttpClient, find: () => Promise<Credentials | undefined>, given?: string) {
    this.#http = http;
    this.#find = find;
    this.#given = given === undefined ? undefined : `Bearer ${given}`;
  }

  /** The header for requests of this scope, as far as it is known by now. */
  header(scopes: readonly Scope[]): string | undefined {
    return this.#tokens.get(keyOf(scopes)) ?? this.#basic ?? this.#given;
  }

  /** Answers a 401; says whether there is something new to send. Requests that meet the same challenge share one answer. */
  async answer(refused: HttpAnswer, scopes: readonly Scope[], sent: string | undefined): Promise<boolean> {
    const key = keyOf(scopes);
    if (this.header(scopes) !== sent) return true;
    const asked = this.#asked.get(key) ?? this.#ask(refused, scopes, sent).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    await asked;
    // Another scope may have been answered meanwhile, with the same: what counts is whether this request has something new to say.
    return this.header(scopes) !== sent;
  }

  async #ask(refused: HttpAnswer, scopes: readonly Scope[], sent: string | undefined): Promise<void> {
    const challenge = parseChallenge(refused.headers['www-authenticate']);
    // What was refused may have been replaced since, in a file or by a helper.
    if (sent !== undefined) this.#credentials = undefined;
    this.#credentials ??= this.#find();
    const credentials = await this.#credentials;
    if (credentials?.kind === 'bearer') this.#keep(scopes, `Bearer ${credentials.token}`);
    else if (challenge?.kind === 'bearer') await this.#fetchToken(challenge, scopes, credentials);
    else if (challenge !== undefined && credentials?.kind === 'password') this.#basic = basicOf(credentials);
  }

  async #fetchToken(
    challenge: Challenge & { kind: 'bearer' },
    scopes: readonly Scope[],
    credentials: Credentials | undefined,
  ): Promise<void> {
    const query = new URLSearchParams();
    if (challenge.service !== undefined) query.set('service', challenge.service);
    for (const scope of scopes.length > 0 ? scopes.map(spell) : (challenge.scope?.split(' ') ?? [])) query.append('scope', scope);
    const answer =
      credentials?.kind === 'identity'
        ? await this.#exchange(challenge, query, credentials.token)
        : await this.#get(challenge, query, credentials);
    const text = (await readAll(answer.body)).toString('utf8');
    const token = answer.status === 200 ? tokenOf(text) : undefined;
    if (token !== undefined) this.#keep(scopes, `Bearer ${token}`);
  }

  async #get(challenge: Challenge & { kind: 'bearer' }, query: URLSearchParams, credentials: Credentials | undefined): Promise<HttpAnswer> {
    const url = new URL(challenge.realm);
    for (const [name, value] of query) url.searchParams.append(name, value);
    return await this.#http.send({
      method: 'GET',
      url,
      headers: credentials?.kind === 'password' ? { authorization: basicOf(credentials) } : {},
    });
  }

  async #exchange(challenge: Challenge & { kind: 'bearer' }, query: URLSearchParams, refreshToken: string): Promise<HttpAnswer> {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'beluga' });
    form.set('service', query.get('service') ?? '');
    form.set('scope', query.getAll('scope').join(' '));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return await this.#http.send({ method: 'POST', url: new URL(challenge.realm), headers, body: Buffer.from(form.toString()) });
  }

  #keep(scopes: readonly Scope[], header: string): void {
    this.#tokens.set(keyOf(scopes), header);
  }
}

function keyOf(scopes: readonly Scope[]): string {
  return scopes.map(spell).join(' ');
}

function spell(scope: Scope): string {
  return `repository:${scope.repository}:${scope.actions}`;
}

function basicOf(credentials: Credentials & { kind: 'password' }): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

function parseChallenge(header = ''): Challenge | undefined {
  const bearer = /bearer\s+(.*)/i.exec(header)?.[1];
  if (bearer === undefined) return /basic/i.test(header) ? { kind: 'basic' } : undefined;
  const words = new Map([...bearer.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]?.toLowerCase(), match[2]]));
  const realm = words.get('realm');
  return realm === undefined ? undefined : { kind: 'bearer', realm, service: words.get('service'), scope: words.get('scope') };
}

function tokenOf(text: string): string | undefined {
  try {
    const { token, access_token } = JSON.parse(text) as { readonly token?: string; readonly access_token?: string };
    return token ?? access_token;
  } catch {
    return undefined;
  }
}
