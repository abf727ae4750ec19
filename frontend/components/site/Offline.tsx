'use client';

import { useSyncExternalStore } from 'react';
import { texts } from '@/texts/notice';
import styles from './Offline.module.css';

function subscribe(listener: () => void) {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Says so while there is no connection: what was asked then is shown when it is back. */
export function Offline() {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <p role="status" className={online ? 'visually-hidden' : styles.offline}>
      {online ? '' : `${texts.offline.title}. ${texts.offline.text}`}
    </p>
  );
}
