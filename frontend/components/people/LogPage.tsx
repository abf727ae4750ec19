'use client';

import { Table } from '@mantine/core';
import { Allowed } from '@/components/dashboard/Gate';
import { Paged } from '@/components/dashboard/Paged';
import { StackTable } from '@/components/dashboard/StackTable';
import { Title } from '@/components/dashboard/Title';
import { Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { usePages } from '@/lib/pages';
import { instant } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import styles from './People.module.css';

const say = texts.log;

export function LogPage() {
  return (
    <Allowed to={['audit:view', 'platform:manage']}>
      <Title>{say.title}</Title>
      <Entries />
    </Allowed>
  );
}

function Entries() {
  const found = usePages(['audit'], api.audit);
  return (
    <Paged found={found} empty={<Notice title={say.empty.title}>{say.empty.text}</Notice>}>
      {(rows) => (
        <StackTable columns={[say.columns.when, say.columns.who, say.columns.what, say.columns.from]}>
          {rows.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>{instant(entry.occurred_at)}</Table.Td>
              <Table.Td dir="auto">{entry.actor_name ?? '–'}</Table.Td>
              <Table.Td data-wide>
                {say.acts[entry.act] ?? entry.act.replaceAll(/[._]/g, ' ')} <small className={styles.soft}>{entry.target}</small>
              </Table.Td>
              <Table.Td data-wide className={styles.soft}>
                {entry.address}
              </Table.Td>
            </Table.Tr>
          ))}
        </StackTable>
      )}
    </Paged>
  );
}
