import styles from './Catalogue.module.css';
import { CardSkeleton } from './ProductCard';

/** What the exported page shows before its script runs. */
export function CatalogueFrame() {
  return (
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
  );
}
