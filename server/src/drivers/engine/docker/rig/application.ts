/** The application that tests install: a small HTTP server whose faults are asked for by environment variables. */

/** Runs as `/app/app.js` under the image's Node. */
export const applicationSource = `'use strict';
const http = require('node:http');
const fs = require('node:fs');
const env = process.env;
const started = Date.now();
const sockets = new Set();
let requests = 0;
let ready = true;
const self = Math.random();
if (env.CRASH_AT_START) { console.error('boom: cannot start'); process.exit(3); }
if (env.CRASH_AFTER_MS) setTimeout(() => { console.error('boom: later'); process.exit(4); }, Number(env.CRASH_AFTER_MS));
if (env.NEEDS) setInterval(() => {
  const gone = (error) => { console.error('boom: cannot do without ' + env.NEEDS, error ?? ''); process.exit(5); };
  http.get(env.NEEDS, { agent: false, timeout: 1000 }, (answer) => (answer.resume().statusCode < 500 ? undefined : gone())).on('error', gone);
}, 300);
if (env.LEAK) setInterval(() => { (globalThis.leak ??= []).push(Buffer.alloc(8 << 20, 1)); }, 20);
const read = (path) => { try { return fs.readFileSync(path, 'utf8'); } catch (error) { return error.code; } };
const write = (path, text) => { try { fs.writeFileSync(path, text); return 'written'; } catch (error) { return error.code; } };
const routes = {
  '/who': () => JSON.stringify({ version: env.APP_VERSION ?? '1', host: env.HOSTNAME, self, requests, uid: process.getuid(), pid: process.pid }),
  '/read': (url) => read(url.searchParams.get('path')),
  '/write': (url) => write(url.searchParams.get('path'), url.searchParams.get('text') ?? ''),
  '/env': (url) => env[url.searchParams.get('name')] ?? '',
  '/status': () => read('/proc/self/status'),
};
const server = http.createServer((request, response) => {
  requests += 1;
  const url = new URL(request.url, 'http://app');
  if (env.FAIL_UNDER_LOAD && requests > Number(env.FAIL_UNDER_LOAD)) { response.statusCode = 500; return response.end('overwhelmed'); }
  if (url.pathname === '/ready' || url.pathname === '/unready') ready = url.pathname === '/ready';
  if (url.pathname === '/up' && !ready) { response.statusCode = 503; return response.end('not now'); }
  if (url.pathname === '/up' && env.NEVER_READY) { response.statusCode = 503; return response.end('not yet'); }
  if (url.pathname === '/up' && env.FLAPS && Math.floor((Date.now() - started) / 300) % 2 === 1) { response.statusCode = 503; return response.end('flapping'); }
  if (url.pathname === '/declared' && env.WRONG_ANSWER) { response.statusCode = 500; return response.end('wrong'); }
  if (url.pathname === '/exit') process.exit(9);
  if (url.pathname === '/close') {
    setTimeout(() => server.listen(Number(env.PORT)), Number(url.searchParams.get('ms') ?? 1000));
    response.end('closed');
    return void server.close();
  }
  if (url.pathname === '/slow') return void setTimeout(() => response.end('slow'), Number(url.searchParams.get('ms') ?? 1000));
  if (url.pathname === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write('data: ' + (env.APP_VERSION ?? '1') + '\\n\\n'), 50);
    return void response.on('close', () => clearInterval(timer));
  }
  if (url.pathname === '/call') {
    const asked = http.get(url.searchParams.get('url'), { agent: false, timeout: 3000 }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += chunk));
      answer.on('end', () => { response.statusCode = answer.statusCode; response.end(body); });
    });
    return void asked.on('error', (error) => { response.statusCode = 502; response.end(error.code ?? error.message); });
  }
  const route = routes[url.pathname];
  response.end(route === undefined ? 'v' + (env.APP_VERSION ?? '1') : route(url));
});
server.on('upgrade', (request, socket) => {
  socket.on('error', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: echo\\r\\nConnection: Upgrade\\r\\n\\r\\n');
  socket.pipe(socket);
});
if (!env.NEVER_LISTEN) setTimeout(() => server.listen(Number(env.PORT), () => console.log('listening on ' + env.PORT)), Number(env.START_MS ?? 0));
else setInterval(() => {}, 1000);
process.on('SIGTERM', () => { if (!env.IGNORE_SIGTERM) { console.log('told to stop'); process.exit(0); } });
`;

/** A job: says what it does, then ends with \`EXIT_CODE\` after \`RUN_MS\`. */
export const taskSource = `'use strict';
console.log('the task begins');
setTimeout(() => { console.error('the task ends'); process.exit(Number(process.env.EXIT_CODE ?? 0)); }, Number(process.env.RUN_MS ?? 0));
`;
