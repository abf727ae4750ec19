import { money } from '@/lib/money';
import { waiting } from '@/lib/time';
import type { Approval } from '@/lib/types';
import { keyOf, titleOf } from '@/lib/vetted';
import { texts } from '@/texts/dashboard';
import { Art } from './Art';
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
      <input type="checkbox" checked={marked} onChange={onMark} aria-label={texts.review.select(titleOf(row))} disabled={!row.allowed_actions.includes('approve')} />
      <button type="button" data-key={keyOf(row)} aria-current={open || undefined} onClick={onOpen}>
        <span className={styles.thumb}>
          <Art row={row} />
        </span>
        <span className={styles.about}>
          <strong dir="auto">{titleOf(row)}</strong>
          <small>
            {row.type === 'product' ? money(row.price, row.currency) : texts.information.title}
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
