import { useEffect } from 'react';

/** Names the tab after what is shown, as soon as its name is known. */
export function useTitle(name?: string) {
  useEffect(() => {
    if (name) document.title = `${name} · Vetted`;
  }, [name]);
}
