'use client';

import { Button, Kbd, Modal, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useRef, useState } from 'react';
import { Allowed } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import type { Approval } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { BulkBar, type BulkHandle } from './BulkBar';
import { Decision, type DecisionHandle } from './Decision';
import { QueueItem } from './QueueItem';
import styles from './Review.module.css';
import { useKeys } from './useKeys';

export function ReviewPage() {
  return (
    <Allowed to="product:approve">
      <Review />
    </Allowed>
  );
}

function Review() {
  const found = useInfiniteQuery({
    queryKey: ['approvals', 'queue'],
    queryFn: ({ pageParam, signal }) => api.approvals(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  });
  const [keys, { open: openKeys, close: closeKeys }] = useDisclosure();
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Title
        actions={
          <Button variant="subtle" color="gray" leftSection={<IconKeyboard size={20} />} onClick={openKeys}>
            {texts.review.keys}
          </Button>
        }
      >
        {texts.review.title}
      </Title>
      {found.isPending ? (
        <div className="skeleton" style={{ height: '24rem' }} />
      ) : found.isError && rows.length === 0 ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : rows.length === 0 ? (
        <Notice title={texts.review.empty.title}>{texts.review.empty.text}</Notice>
      ) : (
        <Queue rows={rows} more={found.hasNextPage ? () => void found.fetchNextPage() : undefined} onHelp={openKeys} />
      )}
      <Modal opened={keys} onClose={closeKeys} title={texts.review.keys}>
        <Table>
          <Table.Tbody>
            {texts.review.keyList.map(([key, meaning]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{meaning}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  );
}

/** Where the queue stands above it, as on a phone, whoever opens one goes to it. */
function showDecision() {
  const decision = document.getElementById('decision');
  if (decision && decision.getBoundingClientRect().top > innerHeight / 2) decision.scrollIntoView();
}

interface QueueProps {
  rows: Approval[];
  more?: () => void;
  onHelp: () => void;
}

function Queue({ rows, more, onHelp }: QueueProps) {
  const wished = Number(useSearchParams().get('id'));
  const [openId, setOpenId] = useState<number | null>(wished || null);
  const [marked, setMarked] = useState<number[]>([]);
  const decision = useRef<DecisionHandle>(null);
  const bulk = useRef<BulkHandle>(null);
  const list = useRef<HTMLUListElement>(null);
  const [place, setPlace] = useState(0);

  // The open one may have been decided: then the next one takes its place.
  const at = rows.findIndex(({ id }) => id === openId);
  const index = at >= 0 ? at : Math.min(place, rows.length - 1);
  const open = rows[index]!;
  if (index !== place) setPlace(index);
  const present = marked.filter((id) => rows.some((row) => row.id === id));

  const go = (to: number) => {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)]!;
    setOpenId(row.id);
    const item = list.current?.querySelector<HTMLElement>(`[data-id="${row.id}"]`);
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: 'nearest' });
    if (to >= rows.length - 3) more?.();
  };
  const mark = (id: number) => setMarked((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));

  const decidable = rows.filter((row) => row.allowed_actions.includes('approve')).map(({ id }) => id);
  const markAll = () => setMarked(decidable.every((id) => present.includes(id)) ? [] : decidable);
  useKeys([
    ['J', () => go(index + 1)],
    ['ArrowDown', () => go(index + 1)],
    ['K', () => go(index - 1)],
    ['ArrowUp', () => go(index - 1)],
    ['X', () => decidable.includes(open.id) && mark(open.id)],
    ['shift + X', markAll],
    ['A', () => decision.current?.approve()],
    ['R', () => decision.current?.reject()],
    ['C', () => decision.current?.comment()],
    ['shift + A', () => bulk.current?.approve()],
    ['shift + R', () => bulk.current?.reject()],
    ['shift + ?', onHelp],
    ['?', onHelp],
  ]);

  return (
    <div className={styles.layout}>
      <div className={styles.queue}>
        {decidable.length > 1 && (
          <label className={styles.all}>
            <input type="checkbox" checked={decidable.every((id) => present.includes(id))} onChange={markAll} />
            {texts.review.selectAll(decidable.length)}
          </label>
        )}
        <ul ref={list} aria-label={texts.review.list}>
          {rows.map((row) => (
            <QueueItem
              key={row.id}
              row={row}
              open={row.id === open.id}
              marked={present.includes(row.id)}
              onOpen={() => {
                setOpenId(row.id);
                requestAnimationFrame(showDecision);
              }}
              onMark={() => mark(row.id)}
            />
          ))}
        </ul>
        {more && (
          <Button variant="subtle" fullWidth onClick={more}>
            {texts.common.more}
          </Button>
        )}
        <BulkBar rows={rows.filter(({ id }) => present.includes(id))} onDone={() => setMarked([])} ref={bulk} />
      </div>
      <Decision key={`${open.id}-${open.version}`} ref={decision} row={open} />
    </div>
  );
}
