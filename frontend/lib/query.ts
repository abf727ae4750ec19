// What a page is asked for stands in its address, so that it can be shared, reloaded and gone back to.
import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useSyncExternalStore } from 'react';

/** The address as last written here, until the router has told of it: it does so in a transition, late where a page is slow. */
let written: string | undefined;
const listeners = new Set<() => void>();

const address = () => location.pathname + location.search;
const latest = () => (written === address() ? location.search : undefined);

function subscribe(tell: () => void) {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}

/** What the address asks for, at once after it was written here. */
export function useAsking(): URLSearchParams {
  const heard = useSearchParams().toString();
  const asking = useSyncExternalStore(subscribe, latest, () => undefined) ?? heard;
  useEffect(() => {
    if (new URLSearchParams(latest()).toString() === heard) written = undefined;
  }, [heard]);
  return useMemo(() => new URLSearchParams(asking), [asking]);
}

/** Writes what is asked for into the address: a step that Back undoes, or in place. */
export function ask(search: string, how: 'push' | 'replace'): void {
  const next = location.pathname + search;
  if (next === address()) return;
  if (how === 'push') history.pushState(null, '', next);
  else history.replaceState(null, '', next);
  written = next;
  for (const tell of listeners) tell();
}

/** Changes some of what is asked for, in place; an empty text takes the name out. */
export function writeQuery(changes: Record<string, string>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  ask(next.size ? `?${next}` : '', 'replace');
}
