/** Other processes of this machine, as the kernel tells of them (proc(5)). */
import { readFileSync } from 'node:fs';

/** Whether a process of this number runs; one that has ended and that nobody asked about yet does not. */
export function lives(pid: number): boolean {
  const stat = textOf(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  return stat !== '' && state !== 'Z' && state !== 'X';
}

/** Whether it runs this program: a number is given again to another one when its process has ended. */
export function livesAs(pid: number, program: string): boolean {
  return (
    lives(pid) &&
    textOf(`/proc/${pid}/cmdline`)
      .split('\0')
      .some((word) => word.endsWith(program))
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
