/** Instants as people read them. */

/** `Mon, 28 Dec 2026, 08:00 Europe/Paris`, in the time zone of this machine unless another is named. */
export function momentOf(time: string, zone: string = Temporal.Now.timeZoneId()): string {
  const local = Temporal.Instant.from(time).toZonedDateTimeISO(zone);
  const day = local.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })} ${zone}`;
}

/** `in 3 h`, `in 12 d`: how far away, in the largest unit that fits. */
export function distanceOf(time: string, nowMs: number): string {
  const minutes = Math.max(0, Math.ceil((Date.parse(time) - nowMs) / 60_000));
  if (minutes < 120) return `in ${minutes} min`;
  return minutes < 2880 ? `in ${Math.round(minutes / 60)} h` : `in ${Math.round(minutes / 1440)} d`;
}
