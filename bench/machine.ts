/** On what something was measured. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Processor time that a process and its ended children have used, in seconds (proc(5): in ticks of 10 ms). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

export function describeMachine() {
  return {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.version,
    /** Of the last minute, before the bench began: on a busy machine trust ratios only. */
    load: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  };
}
