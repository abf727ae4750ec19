import { useEffect, useRef } from 'react';

interface Place {
  address: string;
  pages: number;
  y: number;
}

const KEY = 'vetted.place';

function remembered(): Place | null {
  try {
    const place = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Place | null;
    return place?.address === location.search ? place : null;
  } catch {
    return null;
  }
}

function remember(place: Place) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // Without storage Back begins at the top, as it would anyway.
  }
}

let cameBack = false;
if (typeof window !== 'undefined') {
  addEventListener('popstate', () => {
    cameBack = true;
  });
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  cameBack = entry?.type === 'back_forward' || entry?.type === 'reload';
}

/** Keeps how far down an endless list somebody was: whoever comes Back finds the same pages and the same place. */
export function usePlace(pages: number, hasMore: boolean, more: () => void) {
  const wanted = useRef<Place | null | undefined>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) {
      wanted.current = cameBack ? remembered() : null;
      cameBack = false;
    }
    const place = wanted.current;
    if (!place || pages === 0) return;
    if (pages < place.pages && hasMore) return more();
    wanted.current = null;
    // After the rows are in the page, or it would not be long enough yet.
    requestAnimationFrame(() => scrollTo({ top: place.y, behavior: 'instant' }));
  }, [pages, hasMore, more]);

  useEffect(() => {
    const note = () => {
      if (!wanted.current && pages > 0) remember({ address: location.search, pages, y: scrollY });
    };
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  }, [pages]);
}
