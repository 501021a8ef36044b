/** How a command file is made: it describes its words and options, and says what to do when it is called. */
import type { Command } from 'commander';
import { createIo, type Format, type Io } from './output/io.ts';

/** What a command file exports as `define`. */
export type Define = (command: Command) => void;

/** What a command does; the exit code it gives, or 0. */
export type Act<Options> = (io: Io, options: Options, words: readonly (string | undefined)[]) => Promise<number | undefined>;

/** Calls `act` with the format asked for, and keeps its exit code. */
export function whenCalled<Options>(command: Command, act: Act<Options>): void {
  command.action(async (...given: unknown[]) => {
    const { output, ca, ...options } = command.optsWithGlobals<{ output?: Format; ca?: string }>();
    if (ca !== undefined) await (await import('./platform/certificates.ts')).trust(ca);
    const words = given.slice(0, -2) as (string | undefined)[];
    process.exitCode = (await act(createIo(output ?? 'table'), options as Options, words)) ?? 0;
  });
}
