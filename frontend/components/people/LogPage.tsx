'use client';

import { Button, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Allowed } from '@/components/dashboard/Gate';
import stack from '@/components/dashboard/Stack.module.css';
import { Title } from '@/components/dashboard/Title';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
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
  const found = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) => api.audit(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isPending) return <div className="skeleton" style={{ height: '20rem' }} />;
  if (found.isError && rows.length === 0) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (rows.length === 0) return <Notice title={say.empty.title}>{say.empty.text}</Notice>;
  return (
    <>
      <Table className={stack.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say.columns.when}</Table.Th>
            <Table.Th>{say.columns.who}</Table.Th>
            <Table.Th>{say.columns.what}</Table.Th>
            <Table.Th>{say.columns.from}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>{instant(entry.occurred_at)}</Table.Td>
              <Table.Td dir="auto">{entry.actor_name ?? '–'}</Table.Td>
              <Table.Td data-wide className={styles.mail}>
                {say.acts[entry.act] ?? entry.act.replaceAll(/[._]/g, ' ')} <small className={styles.soft}>{entry.target}</small>
              </Table.Td>
              <Table.Td data-wide className={styles.soft}>{entry.address}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {found.hasNextPage && (
        <Button variant="default" mt="lg" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {texts.common.more}
        </Button>
      )}
    </>
  );
}
