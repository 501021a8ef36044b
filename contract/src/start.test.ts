import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

/** What a fresh process loads when it imports a module of the contract. */
async function loadedBy(module: string): Promise<string> {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(new URL(module, import.meta.url).href)});
    console.log(loaded.join('\\n'));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return stdout;
}

for (const module of ['client.ts', 'manifest.ts']) {
  test(`${module} loads no TypeBox, so that a command starts in no time`, async () => {
    const loaded = await loadedBy(module);
    assert.ok(loaded.includes(module));
    assert.ok(!loaded.includes('/typebox/'), loaded);
  });
}
