import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './StatusBadge.module.css';

type Known = Pick<Product, 'status' | 'live_version'>;

/** Where a product stands: what shoppers see, and what happens to the next version. */
export function statusOf({ status, live_version }: Known): { text: string; tone: string } {
  const live = live_version !== null;
  switch (status) {
    case 'approved':
      return { text: texts.status.approved, tone: 'good' };
    case 'pending_approval':
      return { text: live ? texts.status.livePending : texts.status.pending_approval, tone: 'wait' };
    case 'rejected':
      return { text: live ? texts.status.liveRejected : texts.status.rejected, tone: 'bad' };
    default:
      return { text: live ? texts.status.liveDraft : texts.status.draft, tone: live ? 'edit' : 'plain' };
  }
}

export function StatusBadge({ product }: { product: Known }) {
  const { text, tone } = statusOf(product);
  return <span className={`${styles.badge} ${styles[tone]}`}>{text}</span>;
}
