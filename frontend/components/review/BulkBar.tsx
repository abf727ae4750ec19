'use client';

import { Button, Group, Stack, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation } from '@tanstack/react-query';
import { type Ref, useImperativeHandle, useState } from 'react';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { useRefresh } from '@/components/products/useMoves';
import * as api from '@/lib/api';
import { explain, explainField, type FieldError } from '@/lib/explain';
import type { Approval, BulkResult } from '@/lib/types';
import { keyOf, titleOf } from '@/lib/vetted';
import { texts } from '@/texts/dashboard';
import styles from './Review.module.css';

/** What the keyboard may ask of the selected. */
export interface BulkHandle {
  approve: () => void;
  reject: () => void;
}

interface Props {
  rows: Approval[];
  onDone: () => void;
  ref: Ref<BulkHandle>;
}

/** Decides all selected at once; each one by itself, bound to the version that was listed. */
export function BulkBar({ rows, onDone, ref }: Props) {
  const refresh = useRefresh();
  const decide = useMutation({
    mutationFn: ({ action, comment }: { action: 'approve' | 'reject'; comment: string }) =>
      api.decideAll(rows.map(({ type, id, version }) => ({ type, id, version, action, comment }))),
    onSuccess: (results, { action }) => {
      const failed = results.filter(({ status }) => status >= 400);
      const done = results.length - failed.length;
      if (done > 0) tell(texts.review.done[action](done));
      if (failed.length > 0) modals.open({ title: texts.review.failed(failed.length), children: <Failed results={failed} rows={rows} /> });
      onDone();
    },
    onError: tellFailure,
    onSettled: refresh,
  });
  const approve = () => rows.length > 0 && !decide.isPending && decide.mutate({ action: 'approve', comment: '' });
  const askReject = () =>
    modals.open({
      title: texts.review.rejectAll,
      children: (
        <Reason
          onDone={(comment) => {
            modals.closeAll();
            decide.mutate({ action: 'reject', comment });
          }}
        />
      ),
    });
  useImperativeHandle(ref, () => ({ approve: () => void approve(), reject: () => void (rows.length > 0 && askReject()) }));
  if (rows.length === 0) return null;
  return (
    <Group className={styles.bulk} gap="xs">
      <span role="status">{texts.review.selected(rows.length)}</span>
      <Button size="compact-md" loading={decide.isPending} onClick={approve}>
        {texts.review.approveAll}
      </Button>
      <Button size="compact-md" variant="default" onClick={askReject}>
        {texts.review.rejectAll}
      </Button>
    </Group>
  );
}

/** Which ones were not decided, and why. */
function Failed({ results, rows }: { results: BulkResult[]; rows: Approval[] }) {
  return (
    <ul className={styles.failed}>
      {results.map((result) => (
        <li key={keyOf(result)}>
          <strong dir="auto">{rows.filter((row) => keyOf(row) === keyOf(result)).map(titleOf)}</strong>
          <br />
          {reasonOf(result)}
        </li>
      ))}
    </ul>
  );
}

function reasonOf({ status, problem }: BulkResult): string {
  const [fault] = Array.isArray(problem?.['errors']) ? (problem['errors'] as FieldError[]) : [];
  return fault ? explainField(fault) : explain(String(problem?.['code'] ?? ''), String(problem?.['detail'] ?? ''), status);
}

function Reason({ onDone }: { onDone: (comment: string) => void }) {
  const [comment, setComment] = useState('');
  return (
    <Stack>
      <Textarea label={texts.review.comment} description={texts.review.commentHint} autosize minRows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} data-autofocus />
      <Button disabled={!comment.trim()} onClick={() => onDone(comment.trim())}>
        {texts.review.rejectAll}
      </Button>
    </Stack>
  );
}
