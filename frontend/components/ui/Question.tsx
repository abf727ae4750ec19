'use client';

import { useEffect, useRef } from 'react';
import styles from './Question.module.css';

interface Props {
  title: string;
  text: string;
  yes: string;
  no: string;
  onYes: () => void;
  /** Also when the dialog is left by Escape or by a click beside it. */
  onClose: () => void;
}

/** Asks before something that cannot be taken back; shown as long as it is rendered. */
export function Question({ title, text, yes, no, onYes, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.question}
      aria-labelledby="question-title"
      aria-describedby="question-text"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div>
        <h2 id="question-title">{title}</h2>
        <p id="question-text">{text}</p>
        <p className={styles.answers}>
          <button type="button" className="button quiet" onClick={() => dialog.current?.close()}>
            {no}
          </button>
          <button
            type="button"
            className={`button ${styles.yes}`}
            onClick={() => {
              onYes();
              dialog.current?.close();
            }}
          >
            {yes}
          </button>
        </p>
      </div>
    </dialog>
  );
}
