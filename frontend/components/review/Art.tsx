import { ProductArt } from '@/components/shop/ProductArt';
import type { Approval } from '@/lib/types';

/** A product's picture; of a page of information, a sheet of paper. */
export function Art({ row }: { row: Approval }) {
  return row.type === 'page' ? <ProductArt category="paper" id={row.id} /> : <ProductArt category={row.category} id={row.id} picture={row.picture} />;
}
