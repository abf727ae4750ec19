import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { writeQuery } from '@/lib/query';
import { useTyped } from '@/lib/typed';
import styles from './Search.module.css';

const ask = (q: string) => writeQuery({ q });

/** Narrows a list while somebody types; the words are in the address. */
export function Search({ value, label }: { value: string; label: string }) {
  const [text, setText, tell] = useTyped(value, ask);
  return (
    <TextInput
      type="search"
      className={styles.search}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={18} aria-hidden="true" />}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={tell}
    />
  );
}
