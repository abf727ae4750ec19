import { compare } from '@/lib/diff';
import type { Revision } from '@/lib/types';
import { type Change, changesBetween } from '@/lib/versions';
import { texts } from '@/texts/dashboard';
import styles from './VersionChanges.module.css';

/** What one version says differently from another. */
export function VersionChanges({ from, to, same }: { from: Revision | null; to: Revision; same: string }) {
  const changes = changesBetween(from, to);
  if (changes.length === 0) return <p className={styles.same}>{same}</p>;
  return (
    <dl className={styles.changes}>
      {changes.map((change) => (
        <div key={change.field}>
          <dt>
            <bdi>{nameOf(change.field)}</bdi>
          </dt>
          <dd dir="auto" className="prose">
            <Text change={change} fresh={from === null} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Text({ change, fresh }: { change: Change; fresh: boolean }) {
  if (fresh) return change.after;
  return compare(change.before, change.after).map(({ kind, text }, at) => (kind === 'same' ? text : kind === 'old' ? <del key={at}>{text}</del> : <ins key={at}>{text}</ins>));
}

function nameOf(field: string): string {
  return texts.review.fields[field] ?? field.replace(/^attributes\./, '').replaceAll('_', ' ');
}
