import { type Fact, Facts } from '@/components/dashboard/Facts';
import { money } from '@/lib/money';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';

/** A product for those who may read it and not change it. */
export function Reading({ product }: { product: Product }) {
  const rows: Fact[] = [
    { name: texts.editor.name, value: product.name },
    { name: texts.editor.price, value: money(product.price, product.currency) },
    { name: texts.editor.category, value: product.category },
    { name: texts.editor.sku, value: product.sku },
    { name: texts.editor.description, value: product.description, prose: true },
    ...Object.entries(product.attributes).map(([name, value]) => ({ name: name.replaceAll('_', ' '), value })),
  ];
  return (
    <div className={styles.form}>
      <p className={styles.soft}>{texts.editor.readOnly}</p>
      <Facts rows={rows} />
    </div>
  );
}
