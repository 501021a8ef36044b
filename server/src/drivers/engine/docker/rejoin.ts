/**
 * An instance that somebody took off the network of its environment gets its line back, under the same addresses: what was on its way to it
 * and from it goes on, as after a cable was pulled and put back. Nothing that replaces it could do that.
 */
import type { Place } from '../../../domain/workload.ts';
import { type Client, call, callOrNull } from './client.ts';
import { macOf } from './container-options.ts';
import { listInstances } from './containers.ts';
import { networkName } from './networks.ts';

export async function rejoin(client: Client, platform: string, { component, environment }: Place): Promise<void> {
  const network = networkName(platform, environment);
  const running = (await listInstances(client, platform, { component, environment })).filter(({ state }) => state === 'running');
  await Promise.all(
    running.map(async ({ id, ip }) => {
      const info = await callOrNull(client, (docker) => docker.getContainer(id).inspect());
      if (info === null || ip === '' || Object.keys(info.NetworkSettings.Networks).includes(network)) return;
      const EndpointConfig = { IPAMConfig: { IPv4Address: ip }, MacAddress: macOf(ip) };
      // One that cannot come back is replaced like any other that was changed.
      await call(client, (docker) => docker.getNetwork(network).connect({ Container: id, EndpointConfig })).catch(() => {});
    }),
  );
}
