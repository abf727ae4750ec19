import { texts } from '@/texts/shop';
import type { Group, Option } from './suggested';
import styles from './SearchBox.module.css';

interface Props {
  id: string;
  groups: Group[];
  /** Which option the arrow keys are at, over all groups. */
  at: number;
  onChoose: (option: Option) => void;
}

/** What may be meant, below the field; the field keeps the focus. */
export function Suggestions({ id, groups, at, onChoose }: Props) {
  const all = groups.flatMap(({ options }) => options);
  return (
    <div id={`${id}-list`} role="listbox" aria-label={texts.suggestions} className={styles.list} hidden={groups.length === 0}>
      {groups.map(({ title, options }) => (
        <div key={title} role="group" aria-label={title}>
          <div className={styles.kind} aria-hidden="true">
            {title}
          </div>
          {options.map((option) => {
            const place = all.indexOf(option);
            return (
              <div
                key={option.key}
                id={`${id}-${place}`}
                role="option"
                aria-selected={place === at}
                // The field would lose the focus, and the list with it, before the click is done.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChoose(option)}
              >
                <span dir="auto">{option.label}</span>
                {option.note && <small>{option.note}</small>}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
