'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { tell, tellFailure } from '@/components/dashboard/tell';
import * as api from '@/lib/api';
import { doomed } from '@/lib/doomed';
import { problemOf } from '@/lib/problems';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';

interface Wish {
  id: number;
  move: api.Move;
  comment?: string;
  version?: number;
}

/** What a move came to: a policy may have published what was submitted. */
export function outcome(move: api.Move, product: Pick<Product, 'status'>): string {
  return move === 'submit' && product.status === 'approved' ? texts.moves.publishedAtOnce : texts.moves[move].done;
}

/** The move that takes another one back. */
const BACK: Partial<Record<api.Move, api.Move>> = { submit: 'withdraw', withdraw: 'submit' };

/**
 * A move that was refused because something is not known yet is made again: who somebody is, is told between the services a
 * moment after they joined. A move says what it starts from, so that none is made twice.
 */
export const patiently = {
  retry: (count: number, error: unknown) => count < 4 && problemOf(error).status === 503,
  retryDelay: (count: number) => 700 * (count + 1),
};

/** Everything that shows products reads them anew. */
export function useRefresh() {
  const queries = useQueryClient();
  return useCallback(
    () =>
      Promise.all(
        ['products', 'product', 'approvals', 'revisions', 'history', 'diff', 'insights', 'listing', 'listings', 'information', 'seller'].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      ),
    [queries],
  );
}

/** Takes a product from one state to another; what can be taken back offers so. */
export function useMove(onDone?: (product: Product) => void) {
  const refresh = useRefresh();
  const mutation = useMutation({
    ...patiently,
    mutationFn: ({ id, move, ...data }: Wish) => api.moveProduct(id, move, data),
    onSuccess: (product, { move }) => {
      const back = BACK[move];
      const undo = back && product.allowed_actions.includes(back) ? () => mutation.mutate({ id: product.id, move: back }) : undefined;
      tell(outcome(move, product), undo);
      onDone?.(product);
    },
    onError: tellFailure,
    onSettled: refresh,
  });
  return mutation;
}

const SECONDS_TO_UNDO = 6;

/** Deletes after a few seconds in which it can be taken back; whoever leaves the page has meant it. */
export function useDelete() {
  const refresh = useRefresh();
  return useCallback(
    (product: Pick<Product, 'id' | 'name'>) => {
      const run = () => {
        if (!doomed.drop(product.id)) return;
        removeEventListener('pagehide', run);
        api
          .deleteProduct(product.id)
          .catch(tellFailure)
          .finally(() => void refresh());
      };
      doomed.add(product.id);
      const timer = setTimeout(run, SECONDS_TO_UNDO * 1000);
      addEventListener('pagehide', run);
      const note = tell(
        texts.deleted(product.name),
        () => {
          clearTimeout(timer);
          removeEventListener('pagehide', run);
          doomed.drop(product.id);
        },
        SECONDS_TO_UNDO,
      );
      return () => notifications.hide(note);
    },
    [refresh],
  );
}
