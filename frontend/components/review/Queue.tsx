'use client';

import { Button } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { useRef, useState } from 'react';
import { writeQuery } from '@/lib/query';
import type { Approval } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { BulkBar, type BulkHandle } from './BulkBar';
import { Decision, type DecisionHandle } from './Decision';
import { QueueItem } from './QueueItem';
import styles from './Review.module.css';
import { useKeys } from './useKeys';

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

/** What waits, the longest waiting first, beside the one that is decided. */
export function Queue({ rows, more, onHelp }: QueueProps) {
  const [openId, show] = useState(Number(useSearchParams().get('id')));
  const setOpenId = (id: number) => {
    show(id);
    // Whoever looks at the product and comes Back finds the same one open.
    writeQuery({ id: String(id) });
  };
  const [written] = useState(() => new Map<number, string>());
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
        <ul ref={list} className="rings-inside" aria-label={texts.review.list}>
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
      <Decision
        key={`${open.id}-${open.version}`}
        ref={decision}
        row={open}
        written={written.get(open.id)}
        onWrite={(comment) => written.set(open.id, comment)}
      />
    </div>
  );
}
