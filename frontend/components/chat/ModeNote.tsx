import { own } from '@/lib/own';
import { texts } from '@/texts/chat';
import styles from './Chat.module.css';

/** Says what answers: the built-in lookup, or a language model. */
export function ModeNote({ mode }: { mode: string }) {
  const said = own(texts.modes, mode) ?? texts.modes.builtin;
  return (
    <details className={styles.mode}>
      <summary>{said.name}</summary>
      <p>{said.text}</p>
    </details>
  );
}
