/** The peers: Docker with BuildKit and with its classic builder, Buildah by Containerfile and by script, Podman. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, program, type Target } from './contender.ts';

export type PeersRig = {
  readonly folder: string;
  /** Docker's socket. */
  readonly socket: string;
  readonly registry: string;
  /** `user:password` of the registry. */
  readonly credentials: string;
  /** The base image, by digest. */
  readonly base: string;
};

/** Opens the peers, each with storage of its own, the base pulled already. */
export async function openPeers(rig: PeersRig, say: (text: string) => void): Promise<readonly Contender[]> {
  const settings = join(rig.folder, 'docker-config');
  mkdirSync(settings);
  const auths = { [rig.registry]: { auth: Buffer.from(rig.credentials).toString('base64') } };
  writeFileSync(join(settings, 'config.json'), JSON.stringify({ auths }));
  const containerfile = join(rig.folder, 'Containerfile');
  writeFileSync(containerfile, containerfileOn(rig.base));
  const env = { DOCKER_CONFIG: settings, DOCKER_HOST: `unix://${rig.socket}`, REGISTRY_AUTH_FILE: join(settings, 'config.json') };
  const docker = await dockerWithBuildKit(rig.folder, env);
  if (docker === null) say('no docker here speaks BuildKit: only its classic builder is measured');
  return [
    ...(docker === null ? [] : [dockerBuild('docker build (BuildKit)', docker, { ...env, DOCKER_BUILDKIT: '1' }, containerfile)]),
    { ...dockerBuild('docker build (classic)', docker ?? 'docker', { ...env, DOCKER_BUILDKIT: '0' }, containerfile), mostRounds: 2 },
    fromContainerfile('buildah bud', 'buildah', ['bud', '--layers'], rig, env, containerfile),
    fromContainerfile('podman build', 'podman', ['build', '--layers'], rig, env, containerfile),
    await scripted(rig, env),
  ];
}

/** Layers well cut: packages below, own source above. */
function containerfileOn(base: string): string {
  return `FROM ${base}
WORKDIR /app
COPY node_modules /app/node_modules
COPY src /app/src
USER 65532:65532
CMD ["node", "src/server.js"]
`;
}

/** A newer command line hands BuildKit to a plugin that may not be there; the distribution's own speaks it itself. */
async function dockerWithBuildKit(folder: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const place = join(folder, 'probe');
  mkdirSync(place);
  writeFileSync(join(place, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  for (const docker of ['docker', '/usr/bin/docker']) {
    const speaks = program(docker, ['build', '--quiet', place], { ...env, DOCKER_BUILDKIT: '1' });
    if (
      await speaks.then(
        () => true,
        () => false,
      )
    )
      return docker;
  }
  return null;
}

function dockerBuild(name: string, docker: string, env: NodeJS.ProcessEnv, containerfile: string): Contender {
  return {
    name,
    async build({ folder, image, cold }: Target) {
      await program(docker, ['build', '--quiet', ...(cold ? ['--no-cache'] : []), '--file', containerfile, '--tag', image, folder], env);
      await program(docker, ['push', '--quiet', image], env);
      return undefined;
    },
  };
}

function fromContainerfile(
  name: string,
  tool: 'buildah' | 'podman',
  verb: readonly string[],
  rig: PeersRig,
  env: NodeJS.ProcessEnv,
  containerfile: string,
): Contender {
  const storage = storageOf(rig, tool);
  return {
    name,
    async build({ folder, image, cold }: Target) {
      const words = ['--quiet', '--tls-verify=false', ...(cold ? ['--no-cache'] : []), '--file', containerfile, '--tag', image, folder];
      await program(tool, [...storage, ...verb, ...words], env);
      await program(tool, [...storage, 'push', '--quiet', '--tls-verify=false', image], env);
      return undefined;
    },
  };
}

/** As one who knows Buildah would write it: a container from the packages' image, the source copied, committed straight to the registry. */
async function scripted(rig: PeersRig, env: NodeJS.ProcessEnv): Promise<Contender> {
  const storage = storageOf(rig, 'scripted');
  const buildah = (...words: readonly string[]) => program('buildah', [...storage, ...words], env);
  await buildah('pull', '--quiet', '--tls-verify=false', rig.base);
  const withPackages = async (folder: string, name: string) => {
    const container = await buildah('from', '--pull-never', rig.base);
    await buildah('copy', '--quiet', container, join(folder, 'node_modules'), '/app/node_modules');
    await buildah('commit', '--quiet', '--rm', container, name);
  };
  let isPrepared = false;
  return {
    name: 'buildah from/copy/commit',
    async build({ folder, image, cold }: Target) {
      const packages = cold ? 'localhost/packages-cold' : 'localhost/packages';
      if (cold || !isPrepared) await withPackages(folder, packages);
      isPrepared ||= !cold;
      const container = await buildah('from', '--pull-never', packages);
      await buildah('copy', '--quiet', container, join(folder, 'src'), '/app/src');
      await buildah('config', '--workingdir', '/app', '--user', '65532:65532', '--cmd', 'node src/server.js', container);
      await buildah('commit', '--quiet', '--rm', '--tls-verify=false', container, `docker://${image}`);
      return undefined;
    },
  };
}

function storageOf({ folder }: PeersRig, name: string): readonly string[] {
  return ['--root', join(folder, name, 'root'), '--runroot', join(folder, name, 'run')];
}
