import { Table, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '@/texts/dashboard';
import styles from './StackTable.module.css';

interface Props {
  columns: string[];
  /** One more column, of what can be done. */
  actions?: boolean;
  children: ReactNode;
}

/** A table whose rows stand as blocks on a phone. */
export function StackTable({ columns, actions, children }: Props) {
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column}>{column}</Table.Th>
          ))}
          {actions && (
            <Table.Th>
              <VisuallyHidden>{texts.common.actions}</VisuallyHidden>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}
