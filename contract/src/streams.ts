/** Reads the two kinds of streams the server sends: JSON a line, and server-sent events (the HTML standard, section 9.2). */

/** The lines of a body as they come; `\n`, `\r\n` and a last line without end. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

export type ServerSentEvent = { readonly id: string | null; readonly event: string; readonly data: string };

/** The events in lines; comments are left out, an event cut off by the end of the stream too. An id without data comes with empty data. */
export async function* eventsIn(lines: AsyncIterable<string>): AsyncGenerator<ServerSentEvent> {
  let id: string | null = null;
  let event = 'message';
  let data: string[] = [];
  let identified = false;
  for await (const line of lines) {
    const { field, value } = fieldOf(line);
    if (line === '') {
      if (data.length > 0 || identified) yield { id, event, data: data.join('\n') };
      identified = false;
      event = 'message';
      data = [];
    } else if (field === 'id') {
      id = value;
      identified = true;
    } else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
}

function fieldOf(line: string): { readonly field: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { field: line, value: '' };
  const value = line.slice(colon + 1);
  return { field: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value };
}
