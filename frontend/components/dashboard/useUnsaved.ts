import { useEffect } from 'react';
import { texts } from '@/texts/dashboard';

/** Of the Navigation API what is used here; the type definitions lag behind. */
interface NavigateEvent extends Event {
  navigationType: 'push' | 'replace' | 'reload' | 'traverse';
  destination: { sameDocument: boolean };
}

interface Steps {
  addEventListener(name: 'navigate', listener: (event: NavigateEvent) => void): void;
  removeEventListener(name: 'navigate', listener: (event: NavigateEvent) => void): void;
}

/** What takes a person elsewhere when it is clicked without opening another tab. */
const WAYS_OUT = 'a[href]:not([href^="#"], [target="_blank"]), [data-leaves]';

function leaves(event: MouseEvent): boolean {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  return plain && (event.target as Element).closest(WAYS_OUT) !== null;
}

/** Asks before unsaved work is left, by whatever way. */
export function useUnsaved(on: boolean) {
  useEffect(() => {
    if (!on) return;
    const stays = () => !confirm(texts.editor.leave);
    const askAtUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    // A link within the dashboard unloads nothing.
    const askAtLink = (event: MouseEvent) => {
      if (!leaves(event) || !stays()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // The router hears of Back and Forward when they are done; the browser asks before. One that repeats its wish
    // without having acted in between is not asked: nobody is held.
    const askAtStep = (event: NavigateEvent) => {
      const step = event.navigationType === 'traverse' && event.destination.sameDocument;
      if (step && event.cancelable && stays()) event.preventDefault();
    };
    const { navigation: steps } = window as { navigation?: Steps };
    addEventListener('beforeunload', askAtUnload);
    document.addEventListener('click', askAtLink, true);
    steps?.addEventListener('navigate', askAtStep);
    return () => {
      removeEventListener('beforeunload', askAtUnload);
      document.removeEventListener('click', askAtLink, true);
      steps?.removeEventListener('navigate', askAtStep);
    };
  }, [on]);
}
