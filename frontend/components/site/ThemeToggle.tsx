'use client';

import { useEffect, useState } from 'react';
import { texts } from '@/texts/site';

const ATTRIBUTE = 'data-mantine-color-scheme';
const KEY = 'vetted.theme';

/** What was chosen in another tab holds in this one, too. */
function follow({ key, newValue }: StorageEvent) {
  if (key !== KEY || (newValue !== 'dark' && newValue !== 'light')) return;
  document.documentElement.setAttribute(ATTRIBUTE, newValue);
}

export function ThemeToggle() {
  const [dark, setDark] = useState(false);
  useEffect(() => {
    const read = () => setDark(document.documentElement.getAttribute(ATTRIBUTE) === 'dark');
    read();
    const watcher = new MutationObserver(read);
    watcher.observe(document.documentElement, { attributeFilter: [ATTRIBUTE] });
    addEventListener('storage', follow);
    return () => {
      watcher.disconnect();
      removeEventListener('storage', follow);
    };
  }, []);
  const toggle = () => {
    const next = dark ? 'light' : 'dark';
    document.documentElement.setAttribute(ATTRIBUTE, next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Private windows may forbid storage: the choice then holds for this page.
    }
  };
  return (
    <button type="button" className="icon-button" onClick={toggle} aria-label={dark ? texts.toLight : texts.toDark}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        {dark ? (
          <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
            <circle cx="12" cy="12" r="4" />
            <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1" />
          </g>
        ) : (
          <path
            d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.500 10.500z"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinejoin="round"
          />
        )}
      </svg>
    </button>
  );
}
