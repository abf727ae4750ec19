'use client';

import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { patiently, useRefresh } from '@/components/products/useMoves';
import * as api from '@/lib/api';
import { named } from '@/lib/named';
import { problemOf } from '@/lib/problems';
import { waiting } from '@/lib/time';
import type { Approval } from '@/lib/types';
import { titleOf } from '@/lib/vetted';
import { texts } from '@/texts/dashboard';
import { texts as notices } from '@/texts/notice';
import { Art } from './Art';
import { Changes } from './Changes';
import { Remarks } from './Remarks';
import styles from './Review.module.css';

/** What the keyboard may ask of the open decision. */
export interface DecisionHandle {
  approve: () => void;
  reject: () => void;
  comment: () => void;
}

interface Props {
  row: Approval;
  /** A comment that was begun before. */
  written?: string;
  onWrite: (comment: string) => void;
  ref: Ref<DecisionHandle>;
}

export function Decision({ row, written = '', onWrite, ref }: Props) {
  const [comment, setComment] = useState(written);
  const [fault, setFault] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const refresh = useRefresh();
  const queries = useQueryClient();
  const diff = useQuery({ queryKey: ['diff', row.type, row.id, row.version], queryFn: ({ signal }) => api.diff(row, signal) });
  const decide = useMutation({
    ...patiently,
    mutationFn: (move: 'approve' | 'reject') => api.move(row, move, { comment: comment.trim(), version: row.version }),
    onSuccess: (_, move) => {
      onWrite('');
      tell(texts.moves[move].done);
    },
    onError: (error) => {
      if (problemOf(error).code === 'stale_version') tell(texts.review.stale);
      else tellFailure(error);
    },
    onSettled: refresh,
  });
  const remark = useMutation({
    mutationFn: (text: string) => api.commentOn(row, text),
    onSuccess: () => {
      setComment('');
      onWrite('');
      tell(texts.review.remarked);
    },
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['history', row.type, row.id] }),
  });
  const say = () => {
    if (remark.isPending || decide.isPending) return;
    if (comment.trim()) return remark.mutate(comment.trim());
    setFault(texts.review.needRemark);
    field.current?.focus();
  };
  const may = (action: string) => row.allowed_actions.includes(action) && !decide.isPending && !remark.isPending;
  // Nobody approves what is not on the screen yet.
  const approve = () => may('approve') && diff.isSuccess && decide.mutate('approve');
  const reject = () => {
    if (!may('reject')) return;
    if (comment.trim()) return decide.mutate('reject');
    setFault(texts.review.needComment);
    field.current?.focus();
  };
  useImperativeHandle(ref, () => ({
    approve: () => void approve(),
    reject: () => void reject(),
    comment: () => field.current?.focus(),
  }));
  return (
    <section id="decision" className={styles.decision} aria-label={titleOf(row)}>
      <header className={styles.head}>
        <div className={styles.art}>
          <Art row={row} />
        </div>
        <div>
          <h2 dir="auto">{titleOf(row)}</h2>
          <p className={styles.soft}>
            {texts.review.by(named(row.submitted_by_name, row.submitted_by_username))}, {texts.review.waitingFor(waiting(row.submitted_at))}
          </p>
          {row.type === 'product' ? (
            <Link href={`/dashboard/product/?id=${row.id}`} prefetch={false}>
              {texts.review.open}
            </Link>
          ) : (
            <Link href={`/dashboard/information/?kind=${row.kind}&language=${row.language}`} prefetch={false}>
              {texts.review.openPage}
            </Link>
          )}
        </div>
      </header>
      {row.comment && <blockquote dir="auto">{row.comment}</blockquote>}
      {diff.isError ? (
        <p role="alert" className={styles.fault}>
          {problemOf(diff.error).message}{' '}
          <button type="button" className="button plain" onClick={() => void diff.refetch()}>
            {notices.retry}
          </button>
        </p>
      ) : diff.data ? (
        <Changes diff={diff.data} row={row} />
      ) : (
        <div className="skeleton" style={{ height: '10rem' }} />
      )}
      <Remarks row={row} />
      {row.allowed_actions.includes('approve') ? null : <p className={styles.own}>{texts.review.own}</p>}
      <Textarea
        ref={field}
        label={texts.review.comment}
        description={texts.review.commentHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        value={comment}
        error={fault}
        onChange={(event) => {
          setComment(event.target.value);
          onWrite(event.target.value);
          setFault('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) say();
        }}
      />
      <div className={styles.verdict}>
        <Button onClick={approve} disabled={!row.allowed_actions.includes('approve') || !diff.isSuccess} loading={decide.isPending && decide.variables === 'approve'}>
          {texts.review.approve}
        </Button>
        <Button variant="default" onClick={reject} disabled={!row.allowed_actions.includes('reject')} loading={decide.isPending && decide.variables === 'reject'}>
          {texts.review.reject}
        </Button>
        <Button variant="subtle" color="gray" className={styles.remark} onClick={say} loading={remark.isPending}>
          {texts.review.remark}
        </Button>
      </div>
    </section>
  );
}
