'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { bestOf } from '@/lib/languages';
import { problemOf } from '@/lib/problems';
import { day } from '@/lib/time';
import { useTitle } from '@/lib/title';
import type { InformationKind, Seller } from '@/lib/types';
import { texts } from '@/texts/shop';
import { Results } from './Results';
import styles from './SellerView.module.css';

/** A seller: what it says of itself, all of it approved, and its products. */
export function SellerView() {
  const id = Number(useSearchParams().get('id'));
  const known = Number.isSafeInteger(id) && id > 0;
  const found = useQuery({ queryKey: ['seller', id], queryFn: ({ signal }) => api.seller(id, signal), enabled: known });
  const gone = !known || (found.isError && problemOf(found.error).status === 404);
  useTitle(gone ? undefined : found.data?.name);
  if (gone) {
    return (
      <Notice
        heading="h1"
        title={texts.noSeller.title}
        action={
          <Link href="/" prefetch={false} className="button">
            {texts.back}
          </Link>
        }
      >
        {texts.noSeller.text}
      </Notice>
    );
  }
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="wrap">
      <header className={styles.head}>
        {found.data ? <h1 dir="auto">{found.data.name}</h1> : <div className="skeleton" style={{ height: '2.6rem', width: '50%' }} />}
      </header>
      {found.data && <Information seller={found.data} />}
      <section className={styles.products}>
        <h2>{texts.ofSeller}</h2>
        <Results asked={{ business: String(id) }} />
      </section>
    </div>
  );
}

const KINDS = Object.keys(texts.information) as InformationKind[];

/** One page of each kind, in the language that the reader knows best. */
function Information({ seller }: { seller: Seller }) {
  const pages = KINDS.flatMap((kind) => bestOf(seller.pages.filter((page) => page.kind === kind)) ?? []);
  if (pages.length === 0) return null;
  return (
    <div className={styles.pages}>
      {pages.map(({ kind, language, text, published_at }) => (
        <section key={kind} id={kind}>
          <h2>{texts.information[kind]}</h2>
          <p className="prose" dir="auto" lang={language}>
            {text}
          </p>
          <p className={styles.checked}>{texts.checked(day(published_at))}</p>
        </section>
      ))}
    </div>
  );
}
