'use client';

import { useQueries } from '@tanstack/react-query';
import Link from 'next/link';
import { ProductArt } from '@/components/shop/ProductArt';
import * as api from '@/lib/api';
import { money } from '@/lib/money';
import { problemOf } from '@/lib/problems';
import type { Source } from '@/lib/types';
import { texts } from '@/texts/chat';
import styles from './Sources.module.css';

const MOST = 6;

/** The products that an answer rests on, as they were then; what has been withdrawn or changed since says so. */
export function Sources({ products }: { products: Source[] }) {
  const shown = products.slice(0, MOST);
  const now = useQueries({
    queries: shown.map(({ id }) => ({
      queryKey: ['listing', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.listing(id, signal),
      staleTime: 60_000,
    })),
  });
  if (shown.length === 0) return null;
  return (
    <ul className={styles.sources} aria-label={texts.sources}>
      {shown.map((product, at) => {
        const present = now[at]!;
        const gone = present.isError && problemOf(present.error).status === 404;
        const newer = present.data !== undefined && present.data.version !== product.version;
        return (
          <li key={product.id} data-gone={gone || undefined}>
            <div className={styles.picture}>
              <ProductArt category={product.category} id={product.id} />
            </div>
            <div className={styles.text}>
              {gone ? (
                <span className={styles.name} dir="auto">
                  {product.name}
                </span>
              ) : (
                <Link href={`/product/?id=${product.id}`} prefetch={false} className={styles.name} dir="auto">
                  {product.name}
                </Link>
              )}
              <span className={styles.business} dir="auto">
                {product.business_name}
              </span>
              <span className={styles.price}>{money(product.price, product.currency)}</span>
              {gone && <span className={styles.note}>{texts.withdrawn}</span>}
              {newer && <span className={styles.note}>{texts.newer}</span>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
