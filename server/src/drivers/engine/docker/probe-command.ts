/** Asking an instance from inside: a program that runs in it and ends with 0. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, call } from './client.ts';

const everyMs = 20;

/** Null when the program ended with 0 within the time, else why not. */
export async function probeCommand(client: Client, id: string, command: readonly string[], withinMs: number): Promise<string | null> {
  try {
    const exec = await call(client, (docker) =>
      docker.getContainer(id).exec({ Cmd: [...command], AttachStdout: false, AttachStderr: false }),
    );
    await call(client, () => exec.start({ Detach: true }));
    const end = performance.now() + withinMs;
    for (;;) {
      const { Running, ExitCode } = await call(client, () => exec.inspect());
      if (!Running && ExitCode !== null) return ExitCode === 0 ? null : `${command[0]} ended with ${ExitCode}`;
      if (performance.now() > end) return `${command[0]} did not end within ${withinMs} ms`;
      await sleep(everyMs);
    }
  } catch (cause) {
    return `${command[0]} could not run: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
