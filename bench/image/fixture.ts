/** The application that is built: 30 MB of packages in 2,000 files, 200 kB of own source in 40, the same every time. */
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const words = 'const return await async function export import from readonly string number index value result error request response'.split(
  ' ',
);

/** Text as code is: many words that come again, and names that do not. */
function textOf(seed: number, length: number): string {
  let state = (seed * 2_654_435_761) % 2_147_483_647 || 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  const parts: string[] = [];
  for (let size = 0; size < length; ) {
    const part = next() % 8 === 0 ? `n${next().toString(36)}` : (words[next() % words.length] ?? '');
    parts.push(part, next() % 9 === 0 ? ';\n' : ' ');
    size += part.length + 1;
  }
  return parts.join('').slice(0, length);
}

export function writeFixture(folder: string): void {
  for (let at = 0; at < 2000; at++) {
    const place = join(folder, 'node_modules', `package-${at % 100}`, `lib-${Math.floor(at / 400)}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `file-${at}.js`), textOf(at + 1, 15_000));
  }
  mkdirSync(join(folder, 'src'));
  for (let at = 0; at < 40; at++) writeFileSync(join(folder, 'src', `part-${at}.js`), textOf(10_000 + at, 5_000));
  writeFileSync(
    join(folder, 'src', 'server.js'),
    "require('node:http').createServer((_, a) => a.end('ok')).listen(process.env.PORT ?? 8080);\n",
  );
  writeFileSync(
    join(folder, 'beluga.yaml'),
    'apiVersion: beluga/v1\nkind: Service\nmetadata: { name: app, system: bench }\nrun:\n  command: [node, src/server.js]\n',
  );
  writeFileSync(join(folder, '.belugaignore'), 'Containerfile*\n.dockerignore\nbeluga.yaml\n');
}

/** Changes one source file. */
export function changeSource(folder: string, nonce: string): void {
  appendFileSync(join(folder, 'src', 'part-0.js'), `// ${nonce}\n`);
}

/** Changes one file of the packages too, so that no layer of the application was ever seen. */
export function changeEverything(folder: string, nonce: string): void {
  changeSource(folder, nonce);
  appendFileSync(join(folder, 'node_modules', 'package-0', 'lib-0', 'file-0.js'), `// ${nonce}\n`);
}

/** A checkout of the same content: another path, other times. */
export function checkOut(folder: string, to: string): void {
  cpSync(folder, to, { recursive: true, preserveTimestamps: false });
}
