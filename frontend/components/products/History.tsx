'use client';

import { Button, Stack, Textarea } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { tellFailure } from '@/components/dashboard/tell';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { instant } from '@/lib/time';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';

/** Who did what, with every comment. */
export function History({ product }: { product: Product }) {
  const found = useInfiniteQuery({
    queryKey: ['history', product.id],
    queryFn: ({ pageParam, signal }) => api.history(product.id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" style={{ height: '12rem' }} />;
  return (
    <Stack>
      <ol className={styles.entries}>
        {found.data.pages
          .flatMap((page) => page.items)
          .map((entry) => (
            <li key={entry.seq}>
              <strong dir="auto">{entry.actor_name}</strong> {texts.actions[entry.action] ?? entry.action}
              {entry.version !== null && <span className={styles.soft}> · {texts.products.version(entry.version)}</span>}
              <br />
              <small>{instant(entry.at)}</small>
              {entry.comment && <blockquote dir="auto">{entry.comment}</blockquote>}
            </li>
          ))}
      </ol>
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {texts.common.more}
        </Button>
      )}
      <Remark id={product.id} onDone={() => void found.refetch()} />
    </Stack>
  );
}

function Remark({ id, onDone }: { id: number; onDone: () => void }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => api.commentOn(id, text.trim()),
    onSuccess: () => {
      setText('');
      onDone();
    },
    onError: tellFailure,
  });
  return (
    <Stack maw="34rem" gap="xs">
      <Textarea label={texts.editor.remark} autosize minRows={2} maxLength={2000} dir="auto" value={text} onChange={(event) => setText(event.target.value)} />
      <Button variant="default" w="fit-content" disabled={!text.trim()} loading={add.isPending} onClick={() => add.mutate()}>
        {texts.editor.addRemark}
      </Button>
    </Stack>
  );
}
