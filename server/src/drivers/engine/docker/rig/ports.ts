import { createServer, type Server } from 'node:net';

export type ClaimedPorts = {
  readonly first: number;
  readonly last: number;
  release(): Promise<void>;
};

const [lowest, blocks, blockSize] = [22_000, 200, 50];

/**
 * So many ports in a row of 127.0.0.1 that no other test gets, in this process or another, until they are released.
 *
 * Who listens on the first port of a block owns the block, and the kernel gives that port to one only; it is free again when its process ends,
 * however it ends. All lie below the ports that Linux hands out by itself (32768 and above).
 */
export async function claimPorts(number: number): Promise<ClaimedPorts> {
  if (number >= blockSize) throw new Error(`a test may claim ${blockSize - 1} ports, not ${number}`);
  const start = Math.floor(Math.random() * blocks);
  for (let turn = 0; turn < blocks; turn++) {
    const owned = lowest + ((start + turn) % blocks) * blockSize;
    const owner = await listen(owned);
    if (owner === null) continue;
    const first = owned + 1;
    const release = () => closed(owner);
    const free = await Promise.all(Array.from({ length: number }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return { first, last: owned + number, release };
    await release();
  }
  throw new Error(`no ${number} ports in a row are free between ${lowest} and ${lowest + blocks * blockSize}`);
}

function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server.unref()));
  });
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (server !== null) await closed(server);
  return server !== null;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
