'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { resume } from '@/lib/api';
import { problemOf } from '@/lib/problems';
import { session } from '@/lib/session';
import { Offline } from './Offline';

/** What everybody may see. */
const PUBLIC = ['listings', 'listing', 'facets', 'alike', 'suggestions', 'seller'];

const MINUTE = 60_000;

function makeClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        gcTime: 30 * MINUTE,
        // Only what may pass by itself is tried again.
        retry: (count, error) => count < 2 && [0, 502, 503, 504].includes(problemOf(error).status),
        retryDelay: (count) => 600 * 2 ** count,
      },
    },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(makeClient);
  useEffect(() => {
    void resume();
    // Browsers offer workers on safe origins only (https, localhost); without one, offline is what the browser makes of it.
    void navigator.serviceWorker?.register('/worker.js').catch(() => undefined);
    // What one person saw must not greet the next one.
    let last = session.state.user?.id;
    return void session.subscribe(() => {
      const now = session.state.user?.id;
      if (now !== last && last) client.removeQueries({ predicate: ({ queryKey }) => !PUBLIC.includes(String(queryKey[0])) });
      last = now;
    });
  }, [client]);
  return (
    <QueryClientProvider client={client}>
      {children}
      <Offline />
    </QueryClientProvider>
  );
}
