'use client';

import { useRef, useState } from 'react';
import { texts } from '@/texts/chat';
import styles from './Chat.module.css';

const MOST = 4000;

interface Props {
  busy: boolean;
  onAsk: (question: string) => void;
  onStop: () => void;
}

/** Enter sends, Shift+Enter begins a new line. */
export function Composer({ busy, onAsk, onStop }: Props) {
  const [text, setText] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const send = () => {
    const question = text.trim();
    if (!question || busy || question.length > MOST) return;
    setText('');
    onAsk(question);
    area.current?.focus();
  };
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={area}
        rows={1}
        aria-label={texts.message}
        placeholder={texts.placeholder}
        value={text}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            send();
          }
        }}
      />
      {busy ? (
        <button type="button" className="button quiet" onClick={onStop}>
          {texts.stop}
        </button>
      ) : (
        <button type="submit" className="button" disabled={!text.trim() || text.length > MOST}>
          {texts.send}
        </button>
      )}
      {text.length > MOST && (
        <p role="alert" className={styles.fault}>
          {texts.tooLong(MOST)}
        </p>
      )}
    </form>
  );
}
