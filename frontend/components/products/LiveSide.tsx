'use client';

import { ProductArt } from '@/components/shop/ProductArt';
import { Failure } from '@/components/ui/Notice';
import { type Draft, wishOf } from '@/lib/draft';
import { money } from '@/lib/money';
import { named } from '@/lib/named';
import { instant } from '@/lib/time';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';
import { useLive } from './useRevisions';

/** What shoppers see; what the draft would change is marked. */
export function LiveSide({ product, draft, readOnly }: { product: Product; draft: Draft; readOnly?: boolean }) {
  const found = useLive(product);
  const live = found.data;
  if (!product.live_version) {
    return (
      <aside className={styles.live} aria-label={texts.editor.live}>
        <h2>{texts.editor.live}</h2>
        <p className={`${styles.said} ${styles.soft}`}>{texts.editor.notLive}</p>
      </aside>
    );
  }
  // To somebody who only reads, the same words beside each other would say nothing.
  if (readOnly && product.live_version === product.version) return <p className={styles.soft}>{texts.editor.liveAlone}</p>;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!live) return <div className="skeleton" style={{ height: '20rem' }} />;
  const wish = wishOf(draft);
  const rows: [string, string, boolean][] = [
    [texts.editor.name, live.name, live.name !== wish.name],
    [texts.editor.price, money(live.price, live.currency), !samePrice(live, wish)],
    [texts.editor.category, live.category, live.category !== wish.category],
    [texts.editor.description, live.description, live.description !== wish.description],
    ...Object.entries(live.attributes).map(
      ([name, value]): [string, string, boolean] => [name.replaceAll('_', ' '), value, value !== wish.attributes[name]],
    ),
  ];
  return (
    <aside className={styles.live} aria-label={texts.editor.live}>
      <h2>{texts.editor.live}</h2>
      <div className={styles.art}>
        <ProductArt category={live.category} id={product.id} picture={live.picture} name={live.name} />
      </div>
      <div className={styles.said}>
        <p className={styles.soft}>
          {product.live_version === product.version
            ? texts.editor.liveSame
            : texts.editor.approvedBy(named(live.decided_by_name, live.decided_by_username), instant(live.decided_at ?? live.created_at))}
        </p>
        <dl>
          {rows
            .filter(([, text]) => text)
            .map(([name, text, differs]) => (
              <div key={name}>
                <dt dir="auto">{name}</dt>
                <dd data-differs={differs || undefined}>
                  <div dir="auto" className={name === texts.editor.description ? 'prose' : undefined}>
                    {text}
                  </div>
                </dd>
              </div>
            ))}
        </dl>
      </div>
    </aside>
  );
}

function samePrice(live: { price: string; currency: string }, wish: { price?: string | number; currency?: string }): boolean {
  return Number(live.price) === Number(wish.price) && live.currency === wish.currency;
}
