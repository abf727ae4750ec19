const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 days ago" in the reader's language. */
export function ago(moment: string, locale?: string, now = Date.now()): string {
  const seconds = (new Date(moment).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? format.format(Math.round(seconds / step[1]), step[0]) : format.format(0, 'minute');
}

/** "12 November 2026" in the reader's language. */
export function day(moment: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(moment));
}

/** Day and time of day. */
export function instant(moment: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(moment));
}

/** "3 Nov" of an ISO day. */
export function shortDay(day: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));
}

/** The unit of a duration: from how many seconds on it is used, and how long one is. */
const UNITS: [from: number, length: number, unit: string][] = [
  [2 * 86_400, 86_400, 'day'],
  [3_600, 3_600, 'hour'],
  [60, 60, 'minute'],
  [0, 1, 'second'],
];

/** "45 min", "3 hr", "2 days" in the reader's language: one unit, rounded down. */
export function duration(seconds: number, locale?: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [, length, unit] = UNITS.find(([from]) => whole >= from)!;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(Math.floor(whole / length));
}

/** How long something has been waiting. */
export function waiting(since: string, locale?: string, now = Date.now()): string {
  return duration((now - new Date(since).getTime()) / 1000, locale);
}
