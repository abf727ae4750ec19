import type { Page } from './api';
import type { ChatUsage } from './types';

const DAY_MS = 86_400_000;
/** Days, modes and businesses that an operator may have to page through; nobody has more. */
const MOST_PAGES = 100;

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

/** All rows of a list. */
export async function all<Item>(page: (cursor: string | null) => Promise<Page<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  for (let at = 0; at < MOST_PAGES; at += 1) {
    const { items, next }: Page<Item> = await page(cursor);
    found.push(...items);
    if (!next) break;
    cursor = next;
  }
  return found;
}
