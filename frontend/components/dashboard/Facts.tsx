import type { ReactNode } from 'react';
import { texts } from '@/texts/dashboard';
import styles from './Facts.module.css';

export interface Fact {
  name: string;
  value: ReactNode;
  /** A longer text, which keeps its lines and its own side. */
  prose?: boolean;
}

/** What somebody may read and not change: text, not fields that refuse. */
export function Facts({ rows }: { rows: Fact[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(({ name, value, prose }) => (
        <div key={name}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto" className={prose ? `prose ${styles.prose}` : undefined}>
            {value || <span className={styles.none}>{texts.common.none}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
