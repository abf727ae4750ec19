import { ProductArt } from '@/components/shop/ProductArt';
import { money } from '@/lib/money';
import { waiting } from '@/lib/time';
import type { Approval } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Review.module.css';

interface Props {
  row: Approval;
  open: boolean;
  marked: boolean;
  onOpen: () => void;
  onMark: () => void;
}

export function QueueItem({ row, open, marked, onOpen, onMark }: Props) {
  return (
    <li className={styles.item} data-open={open || undefined}>
      <input type="checkbox" checked={marked} onChange={onMark} aria-label={texts.review.select(row.name)} disabled={!row.allowed_actions.includes('approve')} />
      <button type="button" data-id={row.id} aria-current={open || undefined} onClick={onOpen}>
        <span className={styles.thumb}>
          <ProductArt category={row.category} id={row.id} picture={row.picture} />
        </span>
        <span className={styles.about}>
          <strong dir="auto">{row.name}</strong>
          <small>
            {money(row.price, row.currency)}
            {row.price_change_percent && Number(row.price_change_percent) !== 0 && <PriceChange percent={row.price_change_percent} />}
          </small>
          <small>{texts.review.waitingFor(waiting(row.submitted_at))}</small>
        </span>
      </button>
    </li>
  );
}

export function PriceChange({ percent }: { percent: string }) {
  return (
    <span className={styles.percent} data-up={Number(percent) > 0 || undefined}>
      {texts.review.change(percent)}
    </span>
  );
}
