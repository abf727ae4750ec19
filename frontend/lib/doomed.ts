import { useSyncExternalStore } from 'react';

// Products that will be deleted unless somebody takes it back: lists leave them out already.
let ids: readonly number[] = [];
const listeners = new Set<() => void>();

function become(next: readonly number[]) {
  ids = next;
  listeners.forEach((listener) => listener());
}

export const doomed = {
  add: (id: number) => become([...ids, id]),
  /** Whether it was there. */
  drop(id: number): boolean {
    const was = ids.includes(id);
    become(ids.filter((other) => other !== id));
    return was;
  },
};

export function useDoomed(): readonly number[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ids,
    () => ids,
  );
}
