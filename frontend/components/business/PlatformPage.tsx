'use client';

import { Button, Table, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Allowed } from '@/components/dashboard/Gate';
import stack from '@/components/dashboard/Stack.module.css';
import { Title } from '@/components/dashboard/Title';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { day } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import { TakeDown } from './TakeDown';

const say = texts.platform;

/** For the platform's operators: all businesses. */
export function PlatformPage() {
  const [text, setText] = useState('');
  return (
    <Allowed to="platform:manage">
      <Title>{say.title}</Title>
      <Find onFind={setText} />
      <Businesses q={text} />
      <TakeDown />
    </Allowed>
  );
}

function Find({ onFind }: { onFind: (text: string) => void }) {
  const find = useDebouncedCallback(onFind, 200);
  return (
    <TextInput
      type="search"
      mb="lg"
      maw="24rem"
      aria-label={say.find}
      placeholder={say.find}
      leftSection={<IconSearch size={18} aria-hidden="true" />}
      onChange={(event) => find(event.target.value.trim())}
    />
  );
}

function Businesses({ q }: { q: string }) {
  const queries = useQueryClient();
  const found = useInfiniteQuery({
    queryKey: ['businesses', q],
    queryFn: ({ pageParam, signal }) => api.businesses(q, pageParam, signal),
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const move = useMutation({
    mutationFn: ({ id, to }: { id: number; to: 'suspend' | 'restore' }) => api.moveBusiness(id, to),
    onSuccess: (business, { to }) => void tell(say.done[to](business.name)),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['businesses'] }),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" style={{ height: '16rem' }} />;
  const rows = found.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Notice title={texts.products.none.title}>{say.none}</Notice>;
  const askSuspend = (id: number, name: string) =>
    modals.openConfirmModal({
      title: say.suspend,
      children: say.suspendSure(name),
      labels: { confirm: say.suspend, cancel: texts.common.cancel },
      confirmProps: { color: 'red' },
      onConfirm: () => move.mutate({ id, to: 'suspend' }),
    });
  return (
    <>
      <Table className={stack.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say.columns.name}</Table.Th>
            <Table.Th>{say.columns.status}</Table.Th>
            <Table.Th>{say.columns.since}</Table.Th>
            <Table.Th>
              <span className="visually-hidden">{say.columns.actions}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, name, status, created_at }) => (
            <Table.Tr key={id}>
              <Table.Td data-wide dir="auto">
                {status === 'active' ? (
                  <Link href={`/?business=${id}`} prefetch={false}>
                    {name}
                  </Link>
                ) : (
                  name
                )}
              </Table.Td>
              <Table.Td>{say.states[status] ?? status}</Table.Td>
              <Table.Td>{day(created_at)}</Table.Td>
              <Table.Td ta="end">
                {status === 'suspended' ? (
                  <Button size="compact-sm" variant="default" aria-label={say.restoreName(name)} onClick={() => move.mutate({ id, to: 'restore' })}>
                    {say.restore}
                  </Button>
                ) : (
                  <Button size="compact-sm" variant="default" aria-label={say.suspendName(name)} onClick={() => askSuspend(id, name)}>
                    {say.suspend}
                  </Button>
                )}
              </Table.Td>
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
