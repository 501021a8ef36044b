/** A proxy on loopback before the platform that counts what clients send: the same for everybody. */
import { connect, createServer, type Socket } from 'node:net';

export type CountingProxy = {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** Bytes that clients have sent since the last call. */
  taken(): number;
  close(): Promise<void>;
};

export async function openCountingProxy(to: string): Promise<CountingProxy> {
  const [hostname = '', port = ''] = to.split(':');
  const open = new Set<Socket>();
  let sentBytes = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: Number(port), host: hostname, allowHalfOpen: true }).setNoDelay();
    client.setNoDelay();
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // What one side has sent reaches the other before that is closed; only what was cut is cut there too.
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (part) => {
      sentBytes += part.length;
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    taken() {
      const taken = sentBytes;
      sentBytes = 0;
      return taken;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
