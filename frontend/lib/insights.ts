import * as api from './api';
import type { Approval, Change, ChatUsage, Product, Status } from './types';

const HOUR = 3600;
/** Upper bounds of the waiting times' groups, in seconds; the last has none. */
const BOUNDS = [4 * HOUR, 24 * HOUR, 72 * HOUR, Infinity];
const DAY_MS = 86_400_000;
/** A business with more rows than this reads its figures from an export. */
const MOST_PAGES = 20;

/** How many wait how long. */
export function waitingGroups(rows: Pick<Approval, 'waiting_seconds'>[]): number[] {
  return BOUNDS.map((bound, at) => {
    const from = at === 0 ? 0 : BOUNDS[at - 1]!;
    return rows.filter(({ waiting_seconds }) => waiting_seconds >= from && waiting_seconds < bound).length;
  });
}

export function countStates(rows: Pick<Product, 'status'>[]): Record<Status, number> {
  const counts: Record<Status, number> = { draft: 0, pending_approval: 0, approved: 0, rejected: 0 };
  for (const { status } of rows) counts[status] += 1;
  return counts;
}

export interface Day {
  /** ISO date in the reader's time zone. */
  day: string;
  upserts: number;
  deletes: number;
}

/** What was published and taken down on each of the last days, today last. */
export function perDay(rows: Pick<Change, 'type' | 'occurred_at'>[], days: number, now = Date.now()): Day[] {
  const found = new Map<string, Day>();
  for (let back = days - 1; back >= 0; back -= 1) {
    const day = isoDay(now - back * DAY_MS);
    found.set(day, { day, upserts: 0, deletes: 0 });
  }
  for (const { type, occurred_at } of rows) {
    const day = occurred_at ? found.get(isoDay(new Date(occurred_at).getTime())) : undefined;
    if (!day) continue;
    if (type === 'upsert') day.upserts += 1;
    else day.deletes += 1;
  }
  return [...found.values()];
}

/** Questions on each of the last days, by what answered. */
export function usagePerDay(rows: Pick<ChatUsage, 'day' | 'mode' | 'messages'>[], days: number, now = Date.now()) {
  return Array.from({ length: days }, (_, at) => {
    const day = isoDay(now - (days - 1 - at) * DAY_MS);
    const count = (model: boolean) =>
      rows.filter((row) => row.day === day && (row.mode === 'model') === model).reduce((sum, row) => sum + row.messages, 0);
    return { day, builtin: count(false), model: count(true) };
  });
}

export function isoDay(moment: number): string {
  const date = new Date(moment);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** All rows of a list, as far as a chart needs them. */
export async function all<Item>(page: (cursor: string | null) => Promise<api.Page<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  for (let at = 0; at < MOST_PAGES; at += 1) {
    const { items, next }: api.Page<Item> = await page(cursor);
    found.push(...items);
    if (!next) break;
    cursor = next;
  }
  return found;
}

/** The changes, followed by their sequence rather than by a cursor. */
export async function allChanges(signal?: AbortSignal): Promise<Change[]> {
  const found: Change[] = [];
  for (let at = 0; at < MOST_PAGES; at += 1) {
    const { items } = await api.changes(found.at(-1)?.seq ?? 0, signal);
    found.push(...items);
    if (items.length < 100) break;
  }
  return found;
}
