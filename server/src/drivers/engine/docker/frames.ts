/** The engine's multiplexed stream (Docker Engine API, "attach"): eight bytes of header (stream, three zeros, length), then the text. */

export type Frame = { readonly stream: 'out' | 'err'; readonly text: string };

const headerBytes = 8;

export async function* frames(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Frame> {
  let buffer = Buffer.alloc(0);
  try {
    for await (const chunk of chunks) {
      buffer = Buffer.concat([buffer, chunk]);
      for (let frame = cut(buffer); frame !== null; frame = cut(buffer)) {
        buffer = buffer.subarray(frame.bytes);
        yield { stream: frame.stream, text: frame.text };
      }
    }
  } catch (cause) {
    if (
      !(cause instanceof Error && 'code' in cause && ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'ECONNRESET'].includes(String(cause.code)))
    )
      throw cause;
  }
}

function cut(buffer: Buffer): (Frame & { readonly bytes: number }) | null {
  if (buffer.length < headerBytes) return null;
  const bytes = headerBytes + buffer.readUInt32BE(4);
  if (buffer.length < bytes) return null;
  return { stream: buffer[0] === 2 ? 'err' : 'out', text: buffer.toString('utf8', headerBytes, bytes), bytes };
}
