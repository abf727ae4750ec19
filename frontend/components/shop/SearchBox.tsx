'use client';

import { useTyped } from '@/lib/typed';
import { texts } from '@/texts/shop';
import styles from './SearchBox.module.css';

/** Searches while people type. */
export function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  // Back and "clear all" change the address from outside.
  const [text, setText, tell] = useTyped(value, onSearch);
  return (
    <form role="search" className={styles.box} onSubmit={(event) => event.preventDefault()}>
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <circle cx="10.5" cy="10.5" r="6.5" fill="none" stroke="currentColor" strokeWidth="2" />
        <path d="M15.500 15.500L21 21" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      </svg>
      <input
        type="search"
        aria-label={texts.search}
        placeholder={texts.placeholder}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onBlur={tell}
        autoComplete="off"
        enterKeyHint="search"
        dir="auto"
      />
      {text && (
        <button type="button" className="icon-button" aria-label={texts.clear} onClick={() => setText('')}>
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
          </svg>
        </button>
      )}
    </form>
  );
}
