'use client';

import { Button, Table } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Allowed } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import { tellFailure } from '@/components/dashboard/tell';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { day } from '@/lib/time';
import { texts } from '@/texts/dashboard';

const say = texts.platform;

/** For the platform's operators: all businesses. */
export function PlatformPage() {
  return (
    <Allowed to="platform:manage">
      <Title>{say.title}</Title>
      <Businesses />
    </Allowed>
  );
}

function Businesses() {
  const queries = useQueryClient();
  const found = useInfiniteQuery({
    queryKey: ['businesses'],
    queryFn: ({ pageParam, signal }) => api.businesses(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const move = useMutation({
    mutationFn: ({ id, to }: { id: number; to: 'suspend' | 'restore' }) => api.moveBusiness(id, to),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['businesses'] }),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" style={{ height: '16rem' }} />;
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
      <Table.ScrollContainer minWidth={520}>
        <Table>
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
            {found.data.pages
              .flatMap((page) => page.items)
              .map(({ id, name, status, created_at }) => (
                <Table.Tr key={id}>
                  <Table.Td dir="auto">{name}</Table.Td>
                  <Table.Td>{status}</Table.Td>
                  <Table.Td>{day(created_at)}</Table.Td>
                  <Table.Td ta="end">
                    {status === 'suspended' ? (
                      <Button size="compact-sm" variant="default" onClick={() => move.mutate({ id, to: 'restore' })}>
                        {say.restore}
                      </Button>
                    ) : (
                      <Button size="compact-sm" variant="default" onClick={() => askSuspend(id, name)}>
                        {say.suspend}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {found.hasNextPage && (
        <Button variant="default" mt="lg" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {texts.common.more}
        </Button>
      )}
    </>
  );
}
