/** Listings: tags, referrers, repositories, and whether there is a registry at all (end-1, end-8, end-12). */
import { type Handler, nextPage, type Parts, pageRequest, replyJson } from './exchange.ts';
import { indexType, parseManifest } from './manifest.ts';
import { type Digest, requireDigest } from './names.ts';
import { pageOf } from './pages.ts';
import { RegistryProblem } from './problem.ts';

/** A descriptor of a referrer, as the referrers API lists it. */
type Referrer = {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
};

const mostReferrers = 1000;
const mostRepositories = 1000;

export const answerBase: Handler = async (_parts, { response }) => replyJson(response, {});

export const listTags: Handler = async (parts, exchange) => {
  const { name, response } = exchange;
  if (!(await parts.repositories.exists(name)))
    throw new RegistryProblem('NAME_UNKNOWN', `There is no repository ${name}; push something to it first.`);
  const { n, last } = pageRequest(exchange, null);
  const page = pageOf(await parts.manifests.tags(name), (tag) => tag, { n, last });
  replyJson(
    response,
    { name, tags: page.items },
    page.next === null ? {} : nextPage(`/v2/${name}/tags/list`, { n: String(n), last: page.next }),
  );
};

export const listRepositories: Handler = async (parts, exchange) => {
  const names: string[] = [];
  for await (const name of parts.repositories.names()) names.push(name);
  const { n, last } = pageRequest(exchange, mostRepositories);
  const page = pageOf(names, (name) => name, { n, last });
  replyJson(
    exchange.response,
    { repositories: page.items },
    page.next === null ? {} : nextPage('/v2/_catalog', { n: String(n), last: page.next }),
  );
};

export const listReferrers: Handler = async (parts, exchange) => {
  const { name, reference, query, response } = exchange;
  const subject = requireDigest(reference);
  const artifactType = query.get('artifactType');
  const all = await referrersOf(parts, name, subject);
  const { n, last } = pageRequest(exchange, mostReferrers);
  const page = pageOf(artifactType === null ? all : all.filter((one) => one.artifactType === artifactType), (one) => one.digest, {
    n,
    last,
  });
  const filter: Record<string, string> = artifactType === null ? {} : { artifactType };
  replyJson(
    response,
    { schemaVersion: 2, mediaType: indexType, manifests: page.items },
    {
      'Content-Type': indexType,
      ...(artifactType === null ? {} : { 'OCI-Filters-Applied': 'artifactType' }),
      ...(page.next === null ? {} : nextPage(`/v2/${name}/referrers/${subject.text}`, { ...filter, n: String(n), last: page.next })),
    },
  );
};

async function referrersOf({ manifests }: Parts, name: string, subject: Digest): Promise<readonly Referrer[]> {
  const referrers: Referrer[] = [];
  for (const digest of await manifests.referrers(name, subject)) {
    const revision = await manifests.get(name, digest);
    if (revision === null) continue;
    const { artifactType, annotations } = parseManifest(revision.bytes, revision.mediaType);
    referrers.push({
      mediaType: revision.mediaType,
      digest: digest.text,
      size: revision.bytes.length,
      ...(artifactType === null ? {} : { artifactType }),
      ...(annotations === null ? {} : { annotations }),
    });
  }
  return referrers;
}
