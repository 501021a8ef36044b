/** Images on the engine: brought by digest, and who they run as. */
import type { ImageInspectInfo } from 'dockerode';
import { BelugaError } from '../../../errors.ts';
import type { RegistryAccess } from '../engine.ts';
import { type Client, call, callOrNull, messageOf } from './client.ts';
import { engineInfo } from './info.ts';

/** Whoever an image does not name otherwise: the `nonroot` of distroless images. */
const nonRoot = '65532:65532';

/** Brings the image unless it is there. Gives whether it had to. Throws `pull-failed`. */
export async function pull(client: Client, image: string, access: RegistryAccess, signal: AbortSignal): Promise<boolean> {
  if ((await callOrNull(client, (docker) => docker.getImage(image).inspect())) !== null) return false;
  try {
    const known = image.startsWith(`${access.host}/`) ? await access.login() : null;
    const login = known === null ? undefined : { ...known, serveraddress: access.host };
    const stream = await ((await engineInfo(client)).kind === 'podman' ? podmanPull : dockerPull)(client, image, login, signal);
    await followPull(stream);
  } catch (cause) {
    if (cause instanceof BelugaError) throw cause;
    throw new BelugaError('pull-failed', { image, problem: messageOf(cause) }, { cause });
  }
  if ((await callOrNull(client, (docker) => docker.getImage(image).inspect())) === null) {
    throw new BelugaError('pull-failed', { image, problem: 'the engine said it did, and does not have it' });
  }
  return true;
}

type Login = { readonly username: string; readonly password: string; readonly serveraddress: string };

async function dockerPull(client: Client, image: string, login: Login | undefined, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const [fromImage = image, tag = 'latest'] = image.split('@');
  return await call(client, (docker) => docker.createImage(login, { fromImage, tag, abortSignal: signal }));
}

/** Podman's own way of pulling: the one it shares with Docker cannot be told that a registry on loopback speaks plain HTTP. */
async function podmanPull(client: Client, image: string, login: Login | undefined, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const plain = /^(127\.|localhost[:/])/.test(image) ? { tlsVerify: 'false' } : {};
  return await call(client, ({ modem }) => {
    const { promise, resolve, reject } = Promise.withResolvers<NodeJS.ReadableStream>();
    modem.dial(
      {
        ...{ path: '/v4.0.0/libpod/images/pull?', method: 'POST', isStream: true, abortSignal: signal },
        options: { reference: image, ...plain },
        ...(login === undefined ? {} : { authconfig: login }),
        statusCodes: { 200: true, 500: 'server error' },
      },
      (error, stream) => (error === null ? resolve(stream as NodeJS.ReadableStream) : reject(error as Error)),
    );
    return promise;
  });
}

/** Both engines answer 200 first and tell a failure in the stream, as a line of JSON with an error. */
async function followPull(stream: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  for (const line of text.split('\n')) {
    const error = errorIn(line);
    if (error !== null) throw new Error(error);
  }
}

function errorIn(line: string): string | null {
  if (!line.includes('"error')) return null;
  try {
    const { error, errorDetail } = JSON.parse(line) as { error?: string; errorDetail?: { message?: string } };
    return error ?? errorDetail?.message ?? null;
  } catch {
    return null;
  }
}

/** The user an instance runs as: the image's own unless that is root. */
export async function userOf(client: Client, image: string): Promise<string> {
  return userIn(await call(client, (docker) => docker.getImage(image).inspect()));
}

/** The same where the image was looked at already. */
export function userIn({ Config }: Pick<ImageInspectInfo, 'Config'>): string {
  const user = Config?.User ?? '';
  return ['', '0', 'root'].includes(user.split(':')[0] ?? '') ? nonRoot : user;
}

/** The id of an image as both engines give it: Docker writes its algorithm before it. */
export function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}
