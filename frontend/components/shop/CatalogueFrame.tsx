import { texts } from '@/texts/shop';
import styles from './Catalogue.module.css';
import { CardSkeleton } from './ProductCard';

/** What the exported page shows before its script runs. */
export function CatalogueFrame() {
  return (
    <>
      <section className={`wrap ${styles.hero}`}>
        <h1>{texts.title}</h1>
        <p>{texts.lead}</p>
        <div className="skeleton" style={{ height: '3.5rem', maxWidth: '38rem', borderRadius: '999px' }} />
      </section>
      <div className={`wrap ${styles.layout}`}>
        <div className={styles.side} />
        <div className={styles.results}>
          <div className={styles.bar} style={{ minHeight: '2.75rem' }} />
          <div className={styles.grid}>
            {Array.from({ length: 8 }, (_, at) => (
              <CardSkeleton key={at} />
            ))}
          </div>
        </div>
      </div>
    </>
  );
}
