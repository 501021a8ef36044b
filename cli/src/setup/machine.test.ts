import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspectMachine } from './machine.ts';

const home = mkdtempSync(join(tmpdir(), 'beluga-machine-'));
after(() => rmSync(home, { recursive: true }));
const program = join(home, 'server', 'src', 'main.ts');
mkdirSync(join(home, 'server', 'src'), { recursive: true });
writeFileSync(
  program,
  `import { createServer } from 'node:net';
const kept = Array.from({ length: 40 }, () => Buffer.alloc(8 << 20, 1));
createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port, kept.length); });`,
);

async function listening() {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const port = said.toString().split(' ')[0] ?? '';
  writeFileSync(join(home, 'server.json'), JSON.stringify({ pid: child.pid, url: `http://127.0.0.1:${port}`, version: '0' }));
  return { child, env: { ...process.env, BELUGA_HOME: home, BELUGA_LISTEN: `127.0.0.1:${port}` } };
}

test('the port of a server that was killed a moment ago counts as free, one of a server that runs as ours', async () => {
  for (let round = 0; round < 3; round += 1) {
    const { child, env } = await listening();
    assert.equal((await inspectMachine(env)).listen.state, 'ours');
    child.kill('SIGKILL');
    assert.equal((await inspectMachine(env)).listen.state, 'free', `round ${round}`);
  }
});

test('a port that another program holds is taken, and the program is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = (other.address() as { port: number }).port;
  const { listen } = await inspectMachine({ ...process.env, BELUGA_HOME: home, BELUGA_LISTEN: `127.0.0.1:${port}` });
  assert.equal(listen.state, 'taken');
  assert.match(listen.holder ?? '', new RegExp(`process ${process.pid}$`));
  other.close();
});
