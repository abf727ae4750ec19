import { useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import { named } from '@/lib/named';
import { all } from '@/lib/pages';
import { ago } from '@/lib/time';
import type { Approval } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Review.module.css';

/** So many remarks are shown without being asked for. */
const FEW = 3;

/** What was said about the product over all its submissions, the latest first; the open one's own comment stands above. */
export function Remarks({ row }: { row: Approval }) {
  const found = useQuery({
    queryKey: ['history', row.type, row.id],
    queryFn: ({ signal }) => all((cursor) => api.history(row, cursor, signal)),
  });
  const own = (entry: { action: string; version: number | null }) => entry.action === 'submit' && entry.version === row.version;
  const said = found.data?.filter((entry) => entry.comment && !own(entry)) ?? [];
  if (said.length === 0) return null;
  return (
    <details className={styles.remarks} open={said.length <= FEW || said.some(({ at }) => at > row.submitted_at)}>
      <summary>{texts.review.remarks(said.length)}</summary>
      <ol>
        {said.map(({ seq, actor_name, actor_username, action, at, comment }) => (
          <li key={seq}>
            <p className={styles.soft}>
              {named(actor_name, actor_username)} {texts.actions[action] ?? action}, {ago(at)}
            </p>
            <blockquote dir="auto">{comment}</blockquote>
          </li>
        ))}
      </ol>
    </details>
  );
}
