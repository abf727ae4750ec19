import { keepPreviousData, useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import type { Asked } from '@/lib/catalogue';
import { money } from '@/lib/money';
import type { Suggestions } from '@/lib/types';
import { texts } from '@/texts/shop';

/** Something that may be meant: words to search for, a filter, or a page. */
export interface Option {
  key: string;
  label: string;
  note?: string;
  text?: string;
  filter?: Partial<Asked>;
  href?: string;
}

export interface Group {
  title: string;
  options: Option[];
}

/** So many of a kind, so that all of them are in sight. */
const MOST = 4;

export function useSuggestions(q: string, wanted: boolean): Suggestions | undefined {
  return useQuery({
    queryKey: ['suggestions', q],
    queryFn: ({ signal }) => api.suggestions(q, signal),
    enabled: wanted && q !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    // The list of products comes anyway: a suggestion is not worth a second try.
    retry: false,
  }).data;
}

/** Suggestions as they are shown, without what is typed already. */
export function groupsOf(found: Suggestions | undefined, typed: string): Group[] {
  if (!found || !typed) return [];
  const { completions, categories, sellers, products } = found;
  const groups: Group[] = [
    {
      title: texts.suggested.completions,
      options: completions.filter((text) => text !== typed.toLowerCase()).map((text) => ({ key: `word ${text}`, label: text, text })),
    },
    {
      title: texts.suggested.categories,
      options: categories.map(({ value, count }) => ({ key: `category ${value}`, label: value, note: texts.count(count), filter: { category: value } })),
    },
    {
      title: texts.suggested.sellers,
      options: sellers.map(({ id, name, count }) => ({ key: `seller ${id}`, label: name, note: texts.count(count), href: `/seller/?id=${id}` })),
    },
    {
      title: texts.suggested.products,
      options: products.map(({ id, name, price, currency }) => ({ key: `product ${id}`, label: name, note: money(price, currency), href: `/product/?id=${id}` })),
    },
  ];
  return groups.map(({ title, options }) => ({ title, options: options.slice(0, MOST) })).filter(({ options }) => options.length > 0);
}
