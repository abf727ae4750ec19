'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Seal } from '@/components/site/Seal';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { money } from '@/lib/money';
import { problemOf } from '@/lib/problems';
import { day } from '@/lib/time';
import { useTitle } from '@/lib/title';
import type { Listing } from '@/lib/types';
import { texts } from '@/texts/shop';
import { ProductArt } from './ProductArt';
import { ProductCard } from './ProductCard';
import styles from './ProductView.module.css';
import { StructuredData } from './StructuredData';

/** How often an open page looks for a newly approved version. */
const WATCH_MS = 10_000;

export function ProductView() {
  const id = Number(useSearchParams().get('id'));
  const known = Number.isSafeInteger(id) && id > 0;
  const found = useQuery({
    queryKey: ['listing', id],
    queryFn: ({ signal }) => api.listing(id, signal),
    enabled: known,
    staleTime: 0,
    refetchInterval: WATCH_MS,
  });
  const gone = !known || (found.isError && problemOf(found.error).status === 404);
  useTitle(gone ? undefined : found.data?.name);
  if (gone) {
    return (
      <div className="wrap">
        <Notice
          heading="h1"
          title={texts.gone.title}
          action={
            <Link href="/" prefetch={false} className="button">
              {texts.back}
            </Link>
          }
        >
          {texts.gone.text}
        </Notice>
      </div>
    );
  }
  if (found.data) return <Details product={found.data} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return <ProductSkeleton />;
}

function Details({ product }: { product: Listing }) {
  const changed = useChanged(product);
  return (
    <article className="wrap">
      <StructuredData product={product} />
      <p className={styles.crumbs}>
        <Link href="/" prefetch={false}>
          {texts.back}
        </Link>
        {product.category && (
          <>
            <span aria-hidden="true">/</span>
            <Link href={`/?category=${encodeURIComponent(product.category)}`} prefetch={false} dir="auto">
              {product.category}
            </Link>
          </>
        )}
      </p>
      <div className={styles.layout}>
        <div className={styles.picture}>
          <ProductArt category={product.category} id={product.id} picture={product.picture} name={product.name} />
        </div>
        <div className={styles.text}>
          <h1 dir="auto">{product.name}</h1>
          <p className={styles.by}>
            <Link href={`/seller/?id=${product.business}`} prefetch={false} dir="auto">
              {texts.by(product.business_name)}
            </Link>
          </p>
          <p className={styles.price}>{money(product.price, product.currency)}</p>
          <p role="status" className={changed ? styles.changed : 'visually-hidden'}>
            {changed ? texts.changed : ''}
          </p>
          {product.description && (
            <p className={`prose ${styles.description}`} dir="auto">
              {product.description}
            </p>
          )}
          <aside className={styles.seal}>
            <Seal size={40} />
            <div>
              <strong>{texts.checked(day(product.published_at))}</strong>
              <p>{texts.checkedText(product.version)}</p>
            </div>
          </aside>
          <Facts product={product} />
          <p>
            <Link
              className="button quiet"
              prefetch={false}
              href={`/chatbot/?ask=${encodeURIComponent(texts.question(product.name))}`}
            >
              {texts.askAbout}
            </Link>
          </p>
        </div>
      </div>
      <Alike product={product} />
    </article>
  );
}

function Facts({ product }: { product: Listing }) {
  const rows: [string, string][] = Object.entries(product.attributes).map(([name, value]) => [
    name.replaceAll('_', ' '),
    value,
  ]);
  if (product.sku) rows.push([texts.sku, product.sku]);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2 className={styles.heading}>{texts.details}</h2>
      <dl className={styles.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Alike({ product }: { product: Listing }) {
  const asked = { category: product.category };
  const found = useQuery({
    queryKey: ['alike', asked],
    queryFn: ({ signal }) => api.listings(asked, null, signal),
    enabled: Boolean(product.category),
    staleTime: 60_000,
  });
  const others = found.data?.items.filter(({ id }) => id !== product.id).slice(0, 4) ?? [];
  if (others.length === 0) return null;
  return (
    <section className={styles.alike}>
      <h2>{texts.alike}</h2>
      <div className={styles.row}>
        {others.map((other) => (
          <ProductCard key={other.id} product={other} />
        ))}
      </div>
    </section>
  );
}

/** Whether the product got a new version while the page was open. */
function useChanged(product: Listing): boolean {
  const first = useRef({ id: product.id, version: product.version });
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (first.current.id !== product.id) {
      first.current = { id: product.id, version: product.version };
      setChanged(false);
    } else if (first.current.version !== product.version) setChanged(true);
  }, [product.id, product.version]);
  return changed;
}

export function ProductSkeleton() {
  return (
    <div className="wrap" aria-hidden="true">
      <p className={styles.crumbs}>&nbsp;</p>
      <div className={styles.layout}>
        <div className={`${styles.picture} skeleton`} />
        <div className={styles.text}>
          <div className="skeleton" style={{ height: '2.6rem', width: '80%' }} />
          <div className="skeleton" style={{ height: '1.2rem', width: '40%', marginTop: '1rem' }} />
          <div className="skeleton" style={{ height: '7rem', marginTop: '2rem' }} />
        </div>
      </div>
    </div>
  );
}
