import { compare } from '@/lib/diff';
import { joined, parted } from '@/lib/unseen';
import { money } from '@/lib/money';
import type { Approval, Diff, FieldChange } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { PriceChange } from './QueueItem';
import styles from './Review.module.css';

/** Field by field what shoppers see now and what they would see. */
export function Changes({ diff, row }: { diff: Diff; row: Approval }) {
  const fresh = diff.from === null;
  const changes = diff.changes.filter(({ old, new: next }) => !fresh || old || next);
  if (changes.length === 0) return <p className={styles.soft}>{texts.review.unchanged}</p>;
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={texts.review.changes}>
      {fresh && <p className={styles.soft}>{texts.review.fresh}</p>}
      <table className={styles.changes} data-fresh={fresh || undefined}>
        <thead>
          <tr>
            <th scope="col">{texts.review.field}</th>
            {!fresh && <th scope="col">{texts.review.was}</th>}
            <th scope="col">{texts.review.becomes}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <Row key={change.field} change={change} fresh={fresh} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ change, fresh, row }: { change: FieldChange; fresh: boolean; row: Approval }) {
  const name = texts.review.fields[change.field] ?? change.field.replace(/^attributes\./, '').replaceAll('_', ' ');
  const price = change.field === 'price';
  // A price is money of its currency; when that changes too, the bare numbers are shown beside it.
  const shown = (text: string | null) => (price && text !== null && row.type === 'product' ? money(text, row.currency) : (text ?? ''));
  const { marked } = change;
  const [old, next] = marked ? [joined(marked.old ?? []), joined(marked.new ?? [])] : [shown(change.old), shown(change.new)];
  const pieces = price ? [] : compare(old, next);
  return (
    <tr>
      <th scope="row">
        <bdi>{name}</bdi>
      </th>
      {!fresh && (
        <td dir="auto" className="prose" data-label={texts.review.was}>
          {price ? old : pieces.filter(({ kind }) => kind !== 'new').map(({ kind, text }, at) => (kind === 'old' ? <del key={at}><Seen text={text} /></del> : <Seen key={at} text={text} />))}
        </td>
      )}
      <td dir="auto" className="prose" data-label={fresh ? undefined : texts.review.becomes}>
        {fresh || price ? <Seen text={next} /> : pieces.filter(({ kind }) => kind !== 'old').map(({ kind, text }, at) => (kind === 'new' ? <ins key={at}><Seen text={text} /></ins> : <Seen key={at} text={text} />))}
        {change.change_percent && <PriceChange percent={change.change_percent} />}
      </td>
    </tr>
  );
}

/** A text in which what cannot be seen is named: `U+200B`, and all of the name for whoever asks. */
function Seen({ text }: { text: string }) {
  return parted(text).map((part, at) =>
    part.mark ? (
      <mark key={at} className={styles.unseen} title={texts.review.unseen(part.text)} dir="ltr">
        {part.text.split(' ')[0]}
      </mark>
    ) : (
      part.text
    ),
  );
}
