// Who is signed in, in this tab. The access token lives in this module and nowhere else; the refresh token
// is in a cookie that no script can read. Tabs tell each other when somebody signs in or out.
import { useSyncExternalStore } from 'react';
import type { Permission, Self } from './types';
import { unsaved } from './unsaved';

export type SessionState =
  /** Not asked yet, or, with a fault, asked in vain. */
  | { status: 'unknown'; user: null; fault?: Error }
  /** With `kept`, what is on the screen stays there for the same person to go on with. */
  | { status: 'out'; user: null; kept: 'expired' | 'elsewhere' | null }
  | { status: 'in'; user: Self };

type Message = { kind: 'in'; access: string; user: Self } | { kind: 'out' };

/** The readable half of the double submit; its other half is a cookie that no script can read. */
const CSRF_COOKIE = 'vetted_csrf';
let state: SessionState = { status: 'unknown', user: null };
let token: string | null = null;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('vetted.session');

channel?.addEventListener('message', (event: MessageEvent<Message>) => {
  const news = event.data;
  const other = news.kind === 'in' && state.status === 'in' && state.user.id !== news.user.id;
  if (news.kind === 'in' && !other) become({ status: 'in', user: news.user }, news.access);
  // What was typed here is not lost because somebody signed out, or in as another person, over there.
  else if (state.status === 'in' && unsaved.any) become({ status: 'out', user: null, kept: 'elsewhere' });
  // A tab of somebody else starts over with the new person instead of mixing two people's data.
  else if (other) location.reload();
  else if (state.status !== 'out' || state.kept === null) become({ status: 'out', user: null, kept: null });
});

function become(next: SessionState, access: string | null = null) {
  state = next;
  token = access;
  listeners.forEach((listener) => listener());
}

/** What a cookie session sends in X-CSRF-Token; null where the browser holds no session. */
export function csrfToken(cookies = document.cookie): string | null {
  const found = cookies.split('; ').find((cookie) => cookie.startsWith(`${CSRF_COOKIE}=`));
  return found ? decodeURIComponent(found.slice(CSRF_COOKIE.length + 1)) : null;
}

export const session = {
  get state(): SessionState {
    return state;
  },
  get access(): string | null {
    return token;
  },
  signedIn(access: string, user: Self) {
    become({ status: 'in', user }, access);
    channel?.postMessage({ kind: 'in', access, user } satisfies Message);
  },
  changed(user: Self) {
    if (state.status === 'in') become({ status: 'in', user }, token);
  },
  /** The person left, here and in all tabs. */
  signedOut() {
    become({ status: 'out', user: null, kept: null });
    channel?.postMessage({ kind: 'out' } satisfies Message);
  },
  /** No answer came to the question who is signed in. */
  unreachable(fault: Error) {
    if (state.status === 'unknown') become({ status: 'unknown', user: null, fault });
  },
  /** The server does not know the session, or no longer. */
  expired() {
    if (state.status !== 'out') become({ status: 'out', user: null, kept: state.status === 'in' ? 'expired' : null });
  },
  /** Nobody goes on with what was kept. */
  dropped() {
    become({ status: 'out', user: null, kept: null });
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

export function may(user: Self | null, permission: Permission): boolean {
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
