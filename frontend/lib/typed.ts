import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 180;

/** What is typed, told after a pause, and how to change it; it follows `value` where that changes from outside. */
export function useTyped(value: string, onPause: (text: string) => void) {
  const [text, setText] = useState(value);
  const said = useRef(value);
  useEffect(() => {
    if (value !== said.current) {
      said.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    const wish = text.trim();
    if (wish === said.current) return;
    const timer = setTimeout(() => {
      said.current = wish;
      onPause(wish);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onPause]);
  return [text, setText] as const;
}
