'use client';

import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import type { Asked } from '@/lib/catalogue';
import { useTyped } from '@/lib/typed';
import { texts } from '@/texts/shop';
import styles from './SearchBox.module.css';
import { Suggestions } from './Suggestions';
import { groupsOf, useSuggestions } from './suggested';

interface Props {
  value: string;
  onSearch: (text: string) => void;
  onFilter: (changes: Partial<Asked>) => void;
}

/** Searches while people type, and suggests what they may mean (WAI-ARIA's combobox with a list). */
export function SearchBox({ value, onSearch, onFilter }: Props) {
  // Back and "clear all" change the address from outside.
  const [text, setText, tell] = useTyped(value, onSearch);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const id = useId();
  const router = useRouter();
  const groups = groupsOf(useSuggestions(value, open), value);
  const options = groups.flatMap((group) => group.options);
  const shown = open && options.length > 0;
  const close = () => {
    setOpen(false);
    setAt(-1);
  };
  const choose = (option: (typeof options)[number]) => {
    close();
    if (option.href) return router.push(option.href);
    if (option.text) {
      setText(option.text);
      onSearch(option.text);
    } else if (option.filter) onFilter({ ...option.filter, q: undefined, correct: undefined });
  };
  const press = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape' && shown) {
      event.preventDefault();
      close();
    } else if (event.key === 'Enter') {
      if (shown && options[at]) choose(options[at]);
      else close();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && text) {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      // One place more than there are options: there the field itself has its turn.
      if (shown) setAt(((at + 1 + step + options.length + 1) % (options.length + 1)) - 1);
    }
  };
  return (
    <form role="search" className={styles.box} onSubmit={(event) => event.preventDefault()}>
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <circle cx="10.5" cy="10.5" r="6.5" fill="none" stroke="currentColor" strokeWidth="2" />
        <path d="M15.500 15.500L21 21" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      </svg>
      <input
        type="search"
        role="combobox"
        aria-label={texts.search}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        placeholder={texts.placeholder}
        value={text}
        maxLength={200}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onKeyDown={press}
        onBlur={() => {
          tell();
          close();
        }}
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
      <Suggestions id={id} groups={shown ? groups : []} at={at} onChoose={choose} />
    </form>
  );
}
