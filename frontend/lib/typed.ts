import { useCallback, useEffect, useRef, useState } from 'react';

const PAUSE_MS = 180;

/**
 * What is typed, told after a pause, how to change it, and how to tell it now, as whoever leaves the field must: told
 * later, the address would be written again while the page that was gone to is on its way, and the router would stay.
 * The text follows `value` where that changes from outside.
 */
export function useTyped(value: string, onPause: (text: string) => void) {
  const [text, setText] = useState(value);
  const said = useRef(value);
  useEffect(() => {
    if (value !== said.current) {
      said.current = value;
      setText(value);
    }
  }, [value]);
  const tell = useCallback(() => {
    const wish = text.trim();
    if (wish === said.current) return;
    said.current = wish;
    onPause(wish);
  }, [text, onPause]);
  useEffect(() => {
    const timer = setTimeout(tell, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [tell]);
  return [text, setText, tell] as const;
}
