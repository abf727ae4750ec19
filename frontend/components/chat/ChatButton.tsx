'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRef, useState } from 'react';
import { texts } from '@/texts/site';
import styles from './ChatButton.module.css';

// Loaded by whoever opens it: the page itself stays light.
const Chat = dynamic(() => import('./Chat').then((module) => module.Chat), { ssr: false });

export function ChatButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [opened, setOpened] = useState(false);
  const open = () => {
    setOpened(true);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" className={`screen-only ${styles.button}`} onClick={open} aria-haspopup="dialog">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path
            d="M12 3.500c5 0 9 3.200 9 7.500s-4 7.500-9 7.500c-.9 0-1.800-.1-2.600-.3L4.500 21l.8-4.200C3.900 15.300 3 13.300 3 11c0-4.300 4-7.500 9-7.500z"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinejoin="round"
          />
        </svg>
        <span>{texts.openChat}</span>
      </button>
      <dialog
        ref={dialog}
        className={styles.panel}
        aria-label={texts.openChat}
        onClick={(event) => event.target === dialog.current && dialog.current.close()}
      >
        <div className={styles.inner}>
          <div className={styles.head}>
            <Link href="/chatbot/" prefetch={false} onClick={() => dialog.current?.close()}>
              {texts.wholePage}
            </Link>
            <button type="button" className="icon-button" aria-label={texts.closeChat} onClick={() => dialog.current?.close()}>
              <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
              </svg>
            </button>
          </div>
          {opened && <Chat />}
        </div>
      </dialog>
    </>
  );
}
