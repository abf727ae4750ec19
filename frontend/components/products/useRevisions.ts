import { useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import { firstOf, usePages } from '@/lib/pages';
import type { Product } from '@/lib/types';

/** All versions of a product, newest first. */
export function useRevisions(id: number) {
  return usePages(['revisions', id], (cursor, signal) => api.revisions(id, cursor, signal));
}

/** The version that shoppers see, however many drafts came after it. */
export function useLive({ id, live_version }: Product) {
  return useQuery({
    queryKey: ['revisions', id, 'live', live_version],
    queryFn: ({ signal }) => firstOf((cursor) => api.revisions(id, cursor, signal), ({ version }) => version === live_version),
    enabled: live_version !== null,
  });
}
