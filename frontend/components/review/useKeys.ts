import { useHotkeys } from '@mantine/hooks';

/** Keys that decide: one that is held down counts once, and none counts behind an open dialog or in a text. */
export function useKeys(keys: [key: string, act: () => void][]) {
  useHotkeys(
    keys.map(([key, act]) => [key, (event) => !event.repeat && !document.querySelector('[role="dialog"]') && act()]),
    // Not INPUT: a box that was ticked by mouse keeps the focus, and the keys go on working.
    ['TEXTAREA', 'SELECT'],
  );
}
