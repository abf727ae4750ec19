import Link from 'next/link';
import { money } from '@/lib/money';
import type { Listing } from '@/lib/types';
import { ProductArt } from './ProductArt';
import styles from './ProductCard.module.css';

export function ProductCard({ product }: { product: Listing }) {
  return (
    <article className={styles.card}>
      <div className={styles.picture}>
        <ProductArt category={product.category} id={product.id} picture={product.picture} />
      </div>
      <div className={styles.text}>
        <h3 className={styles.name}>
          <Link href={`/product/?id=${product.id}`} prefetch={false} dir="auto">
            {product.name}
          </Link>
        </h3>
        <p className={styles.business} dir="auto">
          {product.business_name}
        </p>
        <div className={styles.foot}>
          <strong>{money(product.price, product.currency)}</strong>
        </div>
      </div>
    </article>
  );
}

export function CardSkeleton() {
  return (
    <div className={styles.card} aria-hidden="true">
      <div className={`${styles.picture} skeleton`} />
      <div className={styles.text}>
        <div className="skeleton" style={{ height: '1.2rem', width: '75%' }} />
        <div className="skeleton" style={{ height: '0.9rem', width: '45%', marginTop: '0.5rem' }} />
        <div className="skeleton" style={{ height: '1.1rem', width: '35%', marginTop: '1rem' }} />
      </div>
    </div>
  );
}
