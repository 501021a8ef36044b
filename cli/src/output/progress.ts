/** What goes on, on standard error: a line that counts the seconds on a terminal, plain lines elsewhere. */

import { type Stream, type Terminal, terminalOf } from './terminal.ts';
import { durationOf, plainText } from './text.ts';

export type Progress = {
  /** One line that stays. */
  say(text: string): void;
  /**
   * Shows `text` with the elapsed time until `work` ends; `note` changes the words after it. `wrongWith` gives what went wrong although
   * the work came to its end, null when nothing did.
   */
  during<Result>(
    text: string,
    work: (note: Line['note'], line: Line) => Promise<Result>,
    wrongWith?: (result: Result) => string | null,
  ): Promise<Result>;
};

export type Line = {
  /** What is being done, after the text. */
  readonly note: (words: string) => void;
  /** A line of its own that stays, above the one that counts. */
  readonly keep: (words: string) => void;
};

/** Of work that threw: the error says the rest. */
const failed = 'failed';
const refreshMs = 200;
const plainLineMs = 10_000;

export function createProgress(stream: Stream, env: NodeJS.ProcessEnv): Progress {
  const terminal = terminalOf(stream, env);
  return {
    say: (text) => void stream.write(`${text}\n`),
    during: async (text, work, wrongWith = () => null) => {
      const line = openLine(stream, terminal, text);
      try {
        const result = await work(line.note, line);
        line.close(wrongWith(result));
        return result;
      } catch (error) {
        line.close(failed);
        throw error;
      }
    },
  };
}

/** `wrong`: what went wrong, in a word or a few; null when nothing did. */
type Open = Line & { readonly close: (wrong: string | null) => void };

function openLine(stream: Stream, terminal: Terminal, text: string): Open {
  const startedAt = performance.now();
  let words = '';
  const sentence = (): string => `${text}${words === '' ? '' : `: ${words}`}`;
  const elapsed = (): string => durationOf(performance.now() - startedAt);
  const draw = (): void => {
    if (terminal.live) stream.write(`\r\u001B[K${fitted(`  …  ${sentence()} (${elapsed()})`, terminal.columns)}`);
    else stream.write(`  …  ${sentence()} (${elapsed()})\n`);
  };
  const timer = setInterval(draw, terminal.live ? refreshMs : plainLineMs);
  timer.unref();
  if (terminal.live) draw();
  return {
    note: (next) => {
      words = plainText(next);
      if (terminal.live) draw();
    },
    keep: (kept) => {
      stream.write(`${terminal.live ? '\r\u001B[K' : ''}     ${plainText(kept)}\n`);
      if (terminal.live) draw();
    },
    close: (wrong) => {
      clearInterval(timer);
      if (!terminal.live) return void stream.write(`  ${wrong ?? 'done'}  ${text} (${elapsed()})\n`);
      const mark = wrong === null ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
      const what = wrong === null || wrong === failed ? text : `${text}: ${wrong}`;
      stream.write(`\r\u001B[K  ${mark}  ${what} (${elapsed()})\n`);
    },
  };
}

function fitted(text: string, columns: number): string {
  const letters = Array.from(text);
  return letters.length < columns ? text : `${letters.slice(0, Math.max(1, columns - 2)).join('')}…`;
}
