import type { ReactNode } from 'react';
import styles from './Title.module.css';

/** A page's heading, with what can be done there. */
export function Title({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div className={styles.title}>
      <h1 dir="auto">{children}</h1>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
