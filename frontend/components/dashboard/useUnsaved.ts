import { modals } from '@mantine/modals';
import { useEffect } from 'react';
import { unsaved } from '@/lib/unsaved';
import { texts } from '@/texts/dashboard';

/** Of the Navigation API what is used here; the type definitions lag behind. */
interface NavigateEvent extends Event {
  navigationType: 'push' | 'replace' | 'reload' | 'traverse';
  destination: { sameDocument: boolean; key: string };
}

interface Steps {
  addEventListener(name: 'navigate', listener: (event: NavigateEvent) => void): void;
  removeEventListener(name: 'navigate', listener: (event: NavigateEvent) => void): void;
  traverseTo(key: string): void;
}

/** What takes a person elsewhere when it is clicked without opening another tab. */
const WAYS_OUT = 'a[href]:not([href^="#"], [target="_blank"]), [data-leaves]';

function wayOut(event: MouseEvent): HTMLElement | null {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  return plain ? (event.target as Element).closest<HTMLElement>(WAYS_OUT) : null;
}

/** Asks before unsaved work is left, by whatever way, and then goes that way. */
export function useUnsaved(on: boolean) {
  useEffect(() => (on ? unsaved.add() : undefined), [on]);
  useEffect(() => {
    if (!on) return;
    let agreed = false;
    const ask = (go: () => void) =>
      modals.openConfirmModal({
        title: texts.editor.leave.title,
        children: texts.editor.leave.text,
        labels: { confirm: texts.editor.leave.go, cancel: texts.editor.leave.stay },
        confirmProps: { color: 'red' },
        onConfirm: () => {
          agreed = true;
          go();
        },
      });
    const askAtUnload = (event: BeforeUnloadEvent) => {
      if (!agreed) event.preventDefault();
    };
    // A link within the dashboard unloads nothing.
    const askAtLink = (event: MouseEvent) => {
      const way = agreed ? null : wayOut(event);
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      ask(() => way.click());
    };
    // The router hears of Back and Forward when they are done; the browser asks before. One that repeats its wish
    // without having acted in between is not asked: nobody is held.
    const { navigation: steps } = window as { navigation?: Steps };
    const askAtStep = (event: NavigateEvent) => {
      const step = event.navigationType === 'traverse' && event.destination.sameDocument;
      if (!step || !event.cancelable || agreed) return;
      event.preventDefault();
      ask(() => steps?.traverseTo(event.destination.key));
    };
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
