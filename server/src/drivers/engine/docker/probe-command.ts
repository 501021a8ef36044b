/** Asking an instance from inside: a program that runs in it and ends with 0. */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, call } from './client.ts';
import { frames } from './frames.ts';

const everyMs = 10;
const shownCharacters = 200;

/**
 * Null when the program ended with 0 within the time, else why not, with the last line it wrote.
 *
 * Its end is the end of what it writes: Podman says of a program that nobody listens to that it runs, for minutes after it ended.
 */
export async function probeCommand(client: Client, id: string, command: readonly string[], withinMs: number): Promise<string | null> {
  let output: Duplex | null = null;
  const timer = setTimeout(() => output?.destroy(), withinMs);
  const end = performance.now() + withinMs;
  try {
    const exec = await call(client, (docker) =>
      docker.getContainer(id).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true }),
    );
    output = await call(client, () => exec.start({ hijack: true, stdin: false }));
    const last = await lastLine(output);
    for (;;) {
      const { Running, ExitCode } = await call(client, () => exec.inspect());
      if (!Running && ExitCode !== null) return ExitCode === 0 ? null : `${command[0]} ended with ${ExitCode}${last}`;
      if (performance.now() > end) return `${command[0]} did not end within ${withinMs} ms${last}`;
      await sleep(everyMs);
    }
  } catch (cause) {
    return `${command[0]} could not run: ${cause instanceof Error ? cause.message : String(cause)}`;
  } finally {
    clearTimeout(timer);
    output?.destroy();
  }
}

/** Reads to the end, which is also when the stream is destroyed; the last line, introduced, or nothing. */
async function lastLine(output: Duplex): Promise<string> {
  let text = '';
  for await (const frame of frames(output)) text = (text + frame.text).slice(-4096);
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, shownCharacters)}`;
}
