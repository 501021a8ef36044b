/**
 * A network for each environment, with a subnet that nothing else on this machine uses.
 *
 * Instances get addresses of their own that are not given again soon, so that a late request for one that is gone can never reach
 * another one.
 *
 * Podman makes the bridge of a network with its first container and removes it with the last. Before that nobody sees which subnet is taken, nor
 * under which name: two Podmans that chose alike would take each other's bridge away. So both are left to chance.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type Client, call, callOrNull, statusOf } from './client.ts';
import { label } from './labels.ts';
import { firstFree, parseSubnet, type Subnet, showAddress } from './subnets.ts';

export type Network = {
  readonly name: string;
  readonly subnet: Subnet;
  readonly gateway: string;
  /** The addresses that containers had on it when it was looked at, ours or not. */
  readonly taken: readonly string[];
};

export function networkName(platform: string, environment: string): string {
  return `${platform}-${environment}`;
}

/** The environment's network, made when it is missing. */
export async function ensureNetwork(client: Client, platform: string, environment: string): Promise<Network> {
  const name = networkName(platform, environment);
  const existing = await readNetwork(client, name);
  if (existing !== null) return existing;
  const chance = randomUUID();
  const subnet = firstFree(await usedSubnets(client), chance);
  const gateway = showAddress(subnet.base + 1);
  try {
    await call(client, (docker) =>
      docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Labels: { [label.platform]: platform, [label.environment]: environment },
        Options: { 'com.docker.network.bridge.name': `beluga-${chance.slice(0, 8)}` },
        IPAM: { Driver: 'default', Config: [{ Subnet: `${showAddress(subnet.base)}/${subnet.bits}`, Gateway: gateway }] },
      }),
    );
  } catch (cause) {
    if (statusOf(cause) !== 409) throw cause;
  }
  return (await readNetwork(client, name)) ?? { name, subnet, gateway, taken: [] };
}

async function readNetwork(client: Client, name: string): Promise<Network | null> {
  const found = await callOrNull(client, (docker) => docker.getNetwork(name).inspect());
  const config = found?.IPAM?.Config?.[0];
  if (config?.Subnet === undefined) return null;
  const subnet = parseSubnet(config.Subnet);
  const members = Object.values((found?.Containers ?? {}) as Readonly<Record<string, { readonly IPv4Address?: string }>>);
  const taken = members.flatMap(({ IPv4Address = '' }) => IPv4Address.split('/')[0] || []);
  return { name, subnet, gateway: config.Gateway ?? showAddress(subnet.base + 1), taken };
}

async function usedSubnets(client: Client): Promise<readonly Subnet[]> {
  const networks = await call(client, (docker) => docker.listNetworks());
  const ofEngine = networks.flatMap((network) => network.IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []);
  const ofMachine = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).flatMap((entry) => entry.cidr ?? []));
  const known = [...ofEngine, ...ofMachine].filter((text) => text.includes('.')).map(parseSubnet);
  return [...known, ...(await routes())];
}

/** The machine's routes (proc(5), /proc/net/route: little-endian hexadecimal), without the default one. */
async function routes(): Promise<readonly Subnet[]> {
  const table = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const rows = table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  return rows.flatMap((cells) => {
    const bits = ones(littleEndian(cells[7] ?? '0'));
    return bits === 0 ? [] : [{ base: littleEndian(cells[1] ?? '0'), bits }];
  });
}

function littleEndian(hex: string): number {
  return Buffer.from(hex.padStart(8, '0'), 'hex').readUInt32LE(0);
}

function ones(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}

/** The next address of a network after the last that was given, round and round, never one that is in use. Throws when all are. */
export function nextAddress(network: Network, used: readonly string[], last: string | null): string {
  const { base, bits } = network.subnet;
  const size = 2 ** (32 - bits);
  const taken = new Set(used.map(addressValue));
  const from = last === null ? reserved : addressValue(last) - base;
  for (let step = 1; step <= size; step += 1) {
    const offset = (Math.max(from, reserved) + step) % size;
    if (offset > reserved && offset < size - 1 && !taken.has(base + offset)) return showAddress(base + offset);
  }
  throw new Error(`network ${network.name} has no free address`);
}

/** The first few stay free: the gateway is one of them. */
const reserved = 9;

function addressValue(address: string): number {
  return parseSubnet(`${address}/32`).base;
}
