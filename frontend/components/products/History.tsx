'use client';

import { Button, Stack, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePerson } from '@/components/dashboard/Gate';
import { tellFailure } from '@/components/dashboard/tell';
import * as api from '@/lib/api';
import { Failure } from '@/components/ui/Notice';
import { all } from '@/lib/pages';
import { named } from '@/lib/named';
import { instant } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';

/** Who did what, with every comment, the newest first as the versions are; the API tells it from the beginning. */
export function History({ of }: { of: api.Vetted }) {
  const found = useQuery({ queryKey: ['history', of.type, of.id], queryFn: () => all((cursor) => api.history(of, cursor)) });
  const { can } = usePerson();
  const entries = found.data?.toReversed();
  return (
    <Stack>
      {can('product:write') && <Remark of={of} onDone={() => void found.refetch()} />}
      {found.isPending && <div className="skeleton" style={{ height: '20rem' }} />}
      {found.isError && !entries && <Failure error={found.error} retry={() => void found.refetch()} />}
      {entries && (
        <ol className={styles.entries}>
          {entries.map((entry) => (
            <li key={entry.seq}>
              <strong>{named(entry.actor_name, entry.actor_username)}</strong> {texts.actions[entry.action] ?? entry.action}
              {entry.version !== null && <span className={styles.soft}> · {texts.products.version(entry.version)}</span>}
              <br />
              <small>{instant(entry.at)}</small>
              {entry.comment && <blockquote dir="auto">{entry.comment}</blockquote>}
            </li>
          ))}
        </ol>
      )}
    </Stack>
  );
}

function Remark({ of, onDone }: { of: api.Vetted; onDone: () => void }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => api.commentOn(of, text.trim()),
    onSuccess: () => {
      setText('');
      onDone();
    },
    onError: tellFailure,
  });
  return (
    <Stack maw="34rem" gap="xs">
      <Textarea label={texts.editor.remark} autosize minRows={2} maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
      <Button variant="default" w="fit-content" disabled={!text.trim()} loading={add.isPending} onClick={() => add.mutate()}>
        {texts.editor.addRemark}
      </Button>
    </Stack>
  );
}
