'use client';

import { Button, Table } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { Allowed } from '@/components/dashboard/Gate';
import { Paged } from '@/components/dashboard/Paged';
import { Search } from '@/components/dashboard/Search';
import { StackTable } from '@/components/dashboard/StackTable';
import { Title } from '@/components/dashboard/Title';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { usePages } from '@/lib/pages';
import { useAsking } from '@/lib/query';
import { day } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import { TakeDown } from './TakeDown';

const say = texts.platform;

/** For the platform's operators: all businesses. */
export function PlatformPage() {
  const q = useAsking().get('q') ?? '';
  return (
    <Allowed to="platform:manage">
      <Title>{say.title}</Title>
      <Search value={q} label={say.find} />
      <Businesses q={q} />
      <TakeDown />
    </Allowed>
  );
}

function Businesses({ q }: { q: string }) {
  const queries = useQueryClient();
  const found = usePages(['businesses', q], (cursor, signal) => api.businesses(q, cursor, signal));
  const move = useMutation({
    mutationFn: ({ id, to }: { id: number; to: 'suspend' | 'restore' }) => api.moveBusiness(id, to),
    onSuccess: (business, { to }) => void tell(say.done[to](business.name)),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['businesses'] }),
  });
  const askSuspend = (id: number, name: string) =>
    modals.openConfirmModal({
      title: say.suspendTitle,
      children: say.suspendSure(name),
      labels: { confirm: say.suspend, cancel: texts.common.cancel },
      confirmProps: { color: 'red' },
      onConfirm: () => move.mutate({ id, to: 'suspend' }),
    });
  return (
    <Paged found={found} empty={<Notice title={texts.products.none.title}>{say.none}</Notice>}>
      {(rows) => (
        <StackTable columns={[say.columns.name, say.columns.status, say.columns.since]} actions>
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
        </StackTable>
      )}
    </Paged>
  );
}
