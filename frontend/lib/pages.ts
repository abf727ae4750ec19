// Lists that come page by page.
import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from './api';

export type Read<Item> = (cursor: string | null, signal?: AbortSignal) => Promise<Page<Item>>;

interface Options {
  enabled?: boolean;
  /** Given as undefined where another question's answer may be another person's. */
  placeholderData?: undefined;
  staleTime?: number;
  refetchInterval?: number;
}

/** The pages of a list as far as they were asked for; those of an earlier question stay until the new ones are here. */
export function usePages<Item>(queryKey: QueryKey, read: Read<Item>, options: Options = {}) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    ...options,
  });
}

export type Pages<Item> = ReturnType<typeof usePages<Item>>;

export function rowsOf<Item>(found: Pages<Item>): Item[] {
  return found.data?.pages.flatMap(({ items }) => items) ?? [];
}

/** The items of a list, one after another; pages are asked for as they are needed. */
async function* itemsOf<Item>(read: Read<Item>, mostPages = Infinity): AsyncGenerator<Item> {
  let cursor: string | null = null;
  for (let at = 0; at < mostPages; at += 1) {
    const page: Page<Item> = await read(cursor);
    yield* page.items;
    if (!page.next) return;
    cursor = page.next;
  }
}

/** Days, modes and businesses that an operator may have to page through; nobody has more. */
const MOST_PAGES = 100;

/** All items of a list, or those of its first pages. */
export async function all<Item>(read: Read<Item>, mostPages = MOST_PAGES): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of itemsOf(read, mostPages)) found.push(item);
  return found;
}

/** The first item of a list that fits, however far down it is; null where there is none. */
export async function firstOf<Item>(read: Read<Item>, fits: (item: Item) => boolean): Promise<Item | null> {
  for await (const item of itemsOf(read)) if (fits(item)) return item;
  return null;
}
