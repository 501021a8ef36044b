/** Arithmetic on IPv4 networks. Pure. */

export type Subnet = { readonly base: number; readonly bits: number };

/** 4,094 addresses an environment. */
const bits = 20;
const size = 2 ** (32 - bits);

export function parseSubnet(text: string): Subnet {
  const [address = '0.0.0.0', length = '32'] = text.split('/');
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const span = 2 ** (32 - Number(length));
  return { base: Math.floor(value / span) * span, bits: Number(length) };
}

export function showAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

export function contains(subnet: Subnet, address: number): boolean {
  return address >= subnet.base && address < subnet.base + 2 ** (32 - subnet.bits);
}

/** A private network that overlaps none of the used ones; where the search starts depends on the seed, so that two engines rarely meet. */
export function firstFree(used: readonly Subnet[], seed: string): Subnet {
  const first = parseSubnet('10.64.0.0/10').base;
  const count = 2 ** (bits - 10);
  const start = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % count, 7);
  for (let tried = 0; tried < count; tried += 1) {
    const candidate = { base: first + ((start + tried) % count) * size, bits };
    if (!used.some((other) => overlap(other, candidate))) return candidate;
  }
  throw new Error('no private network is free in 10.64.0.0/10');
}

function overlap(a: Subnet, b: Subnet): boolean {
  return contains(a, b.base) || contains(b, a.base);
}
