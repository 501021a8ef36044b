/** Beluga was changed on this machine: `beluga up` starts its server anew, once. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { claimPorts } from '../src/drivers/engine/docker/rig/ports.ts';
import { openRealEngine } from '../src/drivers/engine/docker/rig/real-engine.ts';
import { beluga } from './command.ts';

type Up = { readonly state: 'started' | 'running'; readonly pid: number };

test('a server older than its code is started anew by `beluga up`, one that is not goes on', async () => {
  const real = await openRealEngine('docker');
  const home = await mkdtemp(join(tmpdir(), 'bu-'));
  await chmod(home, 0o755);
  const { first, last, release } = await claimPorts(8);
  const env = {
    BELUGA_LISTEN: `127.0.0.1:${last}`,
    BELUGA_APPLICATION_PORTS: `${first}-${last - 1}`,
    BELUGA_ENGINE_SOCKET: real.socket,
    BELUGA_PLATFORM: 'upgraded',
  };
  const up = async (): Promise<Up & { readonly err: string }> => {
    const said = await beluga(home, ['up', '--output', 'json'], env);
    assert.equal(said.exitCode, 0, said.err);
    return { ...(JSON.parse(said.out) as Up), err: said.err };
  };
  try {
    const started = await up();
    const second = await up();
    assert.deepEqual([started.state, second.state, second.pid], ['started', 'running', started.pid]);
    const file = join(home, 'server.json');
    const server = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...server, startedAt: '2026-01-01T00:00:00Z' }));
    const third = await up();
    assert.equal(third.state, 'started');
    assert.notEqual(third.pid, started.pid);
    assert.match(third.err, /Beluga was changed since its server started/);
  } finally {
    await beluga(home, ['down'], env);
    await release();
    await real.close();
    await rm(home, { recursive: true, force: true });
  }
});
