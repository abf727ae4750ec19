import type { ChatUsage } from './types';

const DAY_MS = 86_400_000;

/** The last days as the API names them (ISO, UTC), today last. */
export function lastDays(count: number, now = Date.now()): string[] {
  return Array.from({ length: count }, (_, at) => new Date(now - (count - 1 - at) * DAY_MS).toISOString().slice(0, 10));
}

export interface UsageDay {
  day: string;
  builtin: number;
  model: number;
}

/** Questions on each of the days, by what answered; over all businesses where there are several. */
export function usagePerDay(rows: Pick<ChatUsage, 'day' | 'mode' | 'messages'>[], days: string[]): UsageDay[] {
  const found = new Map(days.map((day) => [day, { day, builtin: 0, model: 0 }]));
  for (const { day, mode, messages } of rows) {
    const sums = found.get(day);
    if (sums) sums[mode === 'model' ? 'model' : 'builtin'] += messages;
  }
  return [...found.values()];
}
