/** How sizes, times and foreign texts are written for people. */

/** Text from elsewhere without control characters, so that a log line cannot command the terminal; tabs become spaces. */
export function plainText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- the escape sequences of ECMA-48 begin with a control character
      .replace(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g, '')
      .replaceAll('\t', ' ')
      // oxlint-disable-next-line no-control-regex -- these are what must go
      .replace(/[\u0000-\u001F\u007F-\u009F]/g, '')
  );
}

/** `12.3 MB`, in powers of ten as disks and registries count. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? 'B'}`;
}

/** `3.2 s`, `48 s`, `2 min 05 s`. */
export function durationOf(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** How long ago, in the largest unit that fits: `12 s`, `5 min`, `3 h`, `12 d`. */
export function ageOf(time: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The twelve digits by which people tell digests apart. */
export function shortDigest(digest: string): string {
  return digest.replace(/^.*sha256:/, '').slice(0, 12);
}
