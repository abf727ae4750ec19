'use client';

import { named } from '@/lib/named';
import { rowsOf } from '@/lib/pages';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';
import { useRevisions } from './useRevisions';

/** Why the last submission came back. */
export function RejectionNote({ product }: { product: Product }) {
  const revision = rowsOf(useRevisions(product.id)).find(({ version }) => version === product.version);
  if (!revision) return null;
  return (
    <p className={styles.note} data-bad role="status">
      <strong>{texts.editor.rejected(named(revision.decided_by_name, revision.decided_by_username))}</strong> <span dir="auto">{revision.comment}</span>
    </p>
  );
}
