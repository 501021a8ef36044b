/** `peak-process.ts ADDRESS MS`: prints how many requests 32 connections had answered. Speaks plain bytes: a client library would be what is measured. */
import { connect, type Socket } from 'node:net';

const connections = 32;
const [, , address = '', forMs = '0'] = process.argv;
const { hostname, port, host } = new URL(address);
const request = `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
const length = await lengthOfAnAnswer();
let answered = 0;
const began = performance.now();
const sockets = Array.from({ length: connections }, () => keepAsking());
setTimeout(() => {
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(JSON.stringify({ answered, seconds }));
  for (const socket of sockets) socket.destroy();
}, Number(forMs));

/** Every answer of an instance is as long as the first. */
function lengthOfAnAnswer(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let heard = '';
    socket.on('error', reject).on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      const head = heard.indexOf('\r\n\r\n');
      const body = Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? Number.NaN);
      if (head < 0 || heard.length < head + 4 + body) return;
      socket.destroy();
      resolve(head + 4 + body);
    });
  });
}

function keepAsking(): Socket {
  let heard = 0;
  const socket = connect(Number(port), hostname, () => socket.write(request));
  socket.setNoDelay(true);
  return socket
    .on('error', (error) => process.stderr.write(`${String(error)}\n`))
    .on('data', (chunk: Buffer) => {
      heard += chunk.length;
      if (heard < length) return;
      heard -= length;
      answered += 1;
      socket.write(request);
    });
}
