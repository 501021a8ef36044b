/** What a stream can show: a person at a terminal, or a pipe that gets neither colours nor cursor movements. */
export type Stream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): boolean };
export type Terminal = { readonly live: boolean; readonly columns: number; readonly paint: (colour: Colour, text: string) => string };
type Colour = keyof typeof colours;

const colours = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

/** Colours follow NO_COLOR (https://no-color.org) and TERM=dumb. */
export function terminalOf(stream: Stream, env: NodeJS.ProcessEnv): Terminal {
  const live = stream.isTTY === true && env['TERM'] !== 'dumb';
  const coloured = live && (env['NO_COLOR'] ?? '') === '';
  return {
    live,
    columns: stream.columns ?? 80,
    paint: (colour, text) => (coloured ? `\u001B[${colours[colour]}m${text}\u001B[0m` : text),
  };
}
