// The public catalogue as the pages ask for it; what is asked is in the address, so it can be shared and gone back to.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import * as api from './api';
import { usePages } from './pages';
import { ask, useAsking } from './query';

export type Asked = api.Filters & { ordering?: api.Ordering };

const NAMES = ['q', 'correct', 'business', 'category', 'currency', 'min_price', 'max_price', 'ordering'] as const;

const ORDERINGS: readonly string[] = ['relevance', '-published_at', 'price', '-price', 'name'] satisfies api.Ordering[];

export function readAsked(query: URLSearchParams): Asked {
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    const value = query.get(name);
    if (value && (name !== 'ordering' || ORDERINGS.includes(value))) found[name] = value;
  }
  return found as Asked;
}

export function writeAsked(asked: Asked): string {
  const query = new URLSearchParams();
  for (const name of NAMES) if (asked[name]) query.set(name, asked[name]);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** What is asked, and how to change it: a step that Back undoes, or (while typing) in place. */
export function useAsked() {
  const query = useAsking();
  const asked = useMemo(() => readAsked(query), [query]);
  const change = useCallback((changes: Partial<Asked>, how: 'push' | 'replace' = 'push') => {
    ask(writeAsked({ ...readAsked(new URLSearchParams(location.search)), ...changes }), how);
  }, []);
  return { asked, change };
}

/** The order that the API gives where none is asked for: what fits the words best, or what is new. */
export const defaultOrdering = ({ q }: Asked): api.Ordering => (q ? 'relevance' : '-published_at');

export const orderingOf = (asked: Asked): api.Ordering =>
  asked.ordering && (asked.q || asked.ordering !== 'relevance') ? asked.ordering : defaultOrdering(asked);

/** Whether prices are compared without a currency in which. */
export const lacksCurrency = (asked: Asked): boolean =>
  !asked.currency && Boolean(asked.min_price || asked.max_price || asked.ordering === 'price' || asked.ordering === '-price');

/** Without a currency nothing can be asked of prices. */
export const withoutCurrency = ({ ordering }: Asked): Partial<Asked> => ({
  currency: undefined,
  min_price: undefined,
  max_price: undefined,
  ordering: ordering === 'price' || ordering === '-price' ? undefined : ordering,
});

export function useListings(asked: Asked) {
  // What a link says of words that were taken away since is left out.
  const whole = asked.q || asked.ordering !== 'relevance' ? asked : { ...asked, ordering: undefined };
  return usePages(['listings', whole], (cursor, signal) => api.listings(whole, cursor, signal), { staleTime: 60_000, enabled: !lacksCurrency(asked) });
}

const plain = ({ ordering: _, ...filters }: Asked): api.Filters => filters;

/** Counts for everything that is asked, leaving out the named filters: a choice shows what the other choices would find. */
export function useFacets(asked: Asked, without: (keyof api.Filters)[] = []) {
  const filters = plain(asked);
  // Counts are of what is listed: within a currency, or over all of them.
  if (lacksCurrency(asked)) without = [...without, 'min_price', 'max_price'];
  for (const name of without) delete filters[name];
  return useQuery({
    queryKey: ['facets', filters],
    queryFn: ({ signal }) => api.facets(filters, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
