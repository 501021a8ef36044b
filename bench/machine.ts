/** On what something was measured. */
import { cpus, loadavg, release, totalmem } from 'node:os';

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
