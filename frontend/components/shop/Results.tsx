'use client';

import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { Failure, Notice } from '@/components/ui/Notice';
import { type Asked, useListings } from '@/lib/catalogue';
import { rowsOf } from '@/lib/pages';
import { usePlace } from '@/lib/place';
import { texts } from '@/texts/shop';
import styles from './Catalogue.module.css';
import { CardSkeleton, ProductCard } from './ProductCard';

/** What narrows a search; its words stay when these are cleared. */
export const FILTERS = ['category', 'business', 'currency', 'min_price', 'max_price'] as const;

/** What is asked for, as an endless list; `reset` is offered where filters leave nothing. */
export function Results({ asked, reset }: { asked: Asked; reset?: () => void }) {
  const found = useListings(asked);
  const rows = rowsOf(found);
  const { hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, isFetchNextPageError } = found;
  usePlace(found.data?.pages.length ?? 0, hasNextPage && !isPlaceholderData, () => void fetchNextPage());
  if (found.isPending) return <Grid busy>{Array.from({ length: 8 }, (_, at) => <CardSkeleton key={at} />)}</Grid>;
  if (found.isError && rows.length === 0) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (rows.length === 0) {
    const filtered = reset && FILTERS.some((name) => asked[name]);
    const said = filtered ? texts.emptyFiltered : asked.q ? texts.empty : texts.nothing;
    return (
      <Notice
        title={said.title}
        action={
          filtered ? (
            <button type="button" className="button quiet" onClick={reset}>
              {texts.reset}
            </button>
          ) : (
            asked.q && (
              <Link href="/" prefetch={false} className="button quiet">
                {texts.everything}
              </Link>
            )
          )
        }
      >
        {said.text}
      </Notice>
    );
  }
  return (
    <>
      <Grid busy={isPlaceholderData}>
        {rows.map((product) => (
          <ProductCard key={product.id} product={product} />
        ))}
        {isFetchingNextPage && Array.from({ length: 4 }, (_, at) => <CardSkeleton key={at} />)}
      </Grid>
      {isFetchNextPageError && <Failure error={found.error} retry={() => void fetchNextPage()} />}
      {hasNextPage && !isFetchNextPageError ? (
        <More busy={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      ) : (
        !hasNextPage && found.data!.pages.length > 1 && <p className={styles.end}>{texts.end}</p>
      )}
    </>
  );
}

function Grid({ children, busy }: { children: React.ReactNode; busy: boolean }) {
  return (
    <div className={styles.grid} aria-busy={busy} data-busy={busy || undefined}>
      {children}
    </div>
  );
}

/** Fetches the next page before its end is reached; the button is for keyboards and where observing fails. */
function More({ busy, onMore }: { busy: boolean; onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    if (busy || !button.current) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), {
      rootMargin: '600px',
    });
    watcher.observe(button.current);
    return () => watcher.disconnect();
  }, [busy]);
  return (
    <p className={styles.end}>
      <button ref={button} type="button" className="button quiet" aria-disabled={busy} onClick={() => !busy && onMore()}>
        {busy ? texts.loadingMore : texts.more}
      </button>
    </p>
  );
}
