// Who is signed in, in this tab. The access token lives in this module and nowhere else; the refresh token
// is in a cookie that no script can read. Tabs tell each other when somebody signs in or out.
import { useSyncExternalStore } from 'react';
import type { Permission, User } from './types';

export type SessionState =
  | { status: 'unknown'; user: null }
  | { status: 'out'; user: null; expired: boolean }
  | { status: 'in'; user: User };

interface Tokens {
  access: string;
  /** Only where the refresh token is not in a cookie. */
  refresh?: string;
}

type Message = { kind: 'in'; access: string; user: User } | { kind: 'out' };

const HINT = 'vetted.signed-in';
let state: SessionState = { status: 'unknown', user: null };
let tokens: Tokens | null = null;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('vetted.session');

channel?.addEventListener('message', (event: MessageEvent<Message>) => {
  const said = event.data;
  if (said.kind === 'out') become({ status: 'out', user: null, expired: false }, null);
  // A tab of somebody else starts over with the new person instead of mixing two people's data.
  else if (state.status === 'in' && state.user.id !== said.user.id) location.reload();
  else become({ status: 'in', user: said.user }, { ...tokens, access: said.access });
});

function become(next: SessionState, held: Tokens | null) {
  state = next;
  tokens = held;
  listeners.forEach((listener) => listener());
}

/** Whether this browser may hold a session cookie: saves strangers a refused call. Holds no secret. */
function hint(value?: boolean): boolean {
  try {
    if (value === true) localStorage.setItem(HINT, '1');
    if (value === false) localStorage.removeItem(HINT);
    return localStorage.getItem(HINT) === '1';
  } catch {
    return true;
  }
}

export const session = {
  get state(): SessionState {
    return state;
  },
  get access(): string | null {
    return tokens?.access ?? null;
  },
  get refresh(): string | undefined {
    return tokens?.refresh;
  },
  mayResume: () => hint(),
  signedIn(held: Tokens, user: User) {
    hint(true);
    become({ status: 'in', user }, held);
    channel?.postMessage({ kind: 'in', access: held.access, user } satisfies Message);
  },
  changed(user: User) {
    if (state.status === 'in') become({ status: 'in', user }, tokens);
  },
  /** The person left, here and in all tabs. */
  signedOut() {
    hint(false);
    become({ status: 'out', user: null, expired: false }, null);
    channel?.postMessage({ kind: 'out' } satisfies Message);
  },
  /** The server no longer knows the session. */
  expired() {
    const wasIn = state.status === 'in';
    hint(false);
    become({ status: 'out', user: null, expired: wasIn }, null);
  },
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Seconds until the token ends; it is read, not trusted. */
export function secondsLeft(access: string, now = Date.now()): number {
  try {
    const payload = access.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    return (JSON.parse(atob(payload)) as { exp: number }).exp - now / 1000;
  } catch {
    return 0;
  }
}

export function may(user: User | null, permission: Permission): boolean {
  return user?.permissions.includes(permission) ?? false;
}

const UNKNOWN: SessionState = { status: 'unknown', user: null };

/** The session, and `can("product:write")`. */
export function useSession() {
  const now = useSyncExternalStore(
    session.subscribe,
    () => state,
    () => UNKNOWN,
  );
  return { ...now, can: (permission: Permission) => may(now.user, permission) };
}
