'use client';

import { Button } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { useRef, useState } from 'react';
import { writeQuery } from '@/lib/query';
import type { Approval } from '@/lib/types';
import { keyOf } from '@/lib/vetted';
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
  const query = useSearchParams();
  const [openKey, show] = useState(keyOf({ type: query.get('type') === 'page' ? 'page' : 'product', id: Number(query.get('id')) }));
  const setOpen = (row: Approval) => {
    show(keyOf(row));
    // Whoever looks at the product and comes Back finds the same one open.
    writeQuery({ id: String(row.id), type: row.type === 'page' ? row.type : '' });
  };
  const [written] = useState(() => new Map<string, string>());
  const [marked, setMarked] = useState<string[]>([]);
  const decision = useRef<DecisionHandle>(null);
  const bulk = useRef<BulkHandle>(null);
  const list = useRef<HTMLUListElement>(null);
  const [place, setPlace] = useState(0);

  // The open one may have been decided: then the next one takes its place.
  const at = rows.findIndex((row) => keyOf(row) === openKey);
  const index = at >= 0 ? at : Math.min(place, rows.length - 1);
  const open = rows[index]!;
  if (index !== place) setPlace(index);
  const present = marked.filter((key) => rows.some((row) => keyOf(row) === key));

  const go = (to: number) => {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)]!;
    setOpen(row);
    const item = list.current?.querySelector<HTMLElement>(`[data-key="${keyOf(row)}"]`);
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: 'nearest' });
    if (to >= rows.length - 3) more?.();
  };
  const mark = (key: string) => setMarked((before) => (before.includes(key) ? before.filter((other) => other !== key) : [...before, key]));

  const decidable = rows.filter((row) => row.allowed_actions.includes('approve')).map(keyOf);
  const markAll = () => setMarked(decidable.every((key) => present.includes(key)) ? [] : decidable);
  useKeys([
    ['J', () => go(index + 1)],
    ['ArrowDown', () => go(index + 1)],
    ['K', () => go(index - 1)],
    ['ArrowUp', () => go(index - 1)],
    ['X', () => decidable.includes(keyOf(open)) && mark(keyOf(open))],
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
            <input type="checkbox" checked={decidable.every((key) => present.includes(key))} onChange={markAll} />
            {texts.review.selectAll(decidable.length)}
          </label>
        )}
        <ul ref={list} className="rings-inside" aria-label={texts.review.list}>
          {rows.map((row) => (
            <QueueItem
              key={keyOf(row)}
              row={row}
              open={row === open}
              marked={present.includes(keyOf(row))}
              onOpen={() => {
                setOpen(row);
                requestAnimationFrame(showDecision);
              }}
              onMark={() => mark(keyOf(row))}
            />
          ))}
        </ul>
        {more && (
          <Button variant="subtle" fullWidth onClick={more}>
            {texts.common.more}
          </Button>
        )}
        <BulkBar rows={rows.filter((row) => present.includes(keyOf(row)))} onDone={() => setMarked([])} ref={bulk} />
      </div>
      <Decision
        key={`${keyOf(open)}-${open.version}`}
        ref={decision}
        row={open}
        written={written.get(keyOf(open))}
        onWrite={(comment) => written.set(keyOf(open), comment)}
      />
    </div>
  );
}
