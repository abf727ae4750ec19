'use client';

import { Button, Stack, Text, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { useDelete, useMove } from './useMoves';

/** What the caller may do to the product now, as the API says it. */
export function ProductActions({ product }: { product: Product }) {
  const router = useRouter();
  const move = useMove();
  const remove = useDelete();
  const may = (action: string) => product.allowed_actions.includes(action);
  const askUnpublish = () =>
    modals.open({
      title: texts.editor.unpublishTitle,
      children: (
        <Unpublish
          onDone={(comment) => {
            modals.closeAll();
            move.mutate({ id: product.id, move: 'unpublish', comment });
          }}
        />
      ),
    });
  return (
    <>
      {may('approve') && (
        <Button component={Link} href={`/dashboard/review/?id=${product.id}`} prefetch={false}>
          {texts.review.title}
        </Button>
      )}
      {may('withdraw') && (
        <Button variant="default" loading={move.isPending} onClick={() => move.mutate({ id: product.id, move: 'withdraw' })}>
          {texts.moves.withdraw.button}
        </Button>
      )}
      {may('unpublish') && (
        <Button variant="default" onClick={askUnpublish}>
          {texts.moves.unpublish.button}
        </Button>
      )}
      {may('delete') && (
        <Button
          variant="subtle"
          color="red"
          onClick={() => {
            remove(product);
            router.push('/dashboard/');
          }}
        >
          {texts.common.delete}
        </Button>
      )}
    </>
  );
}

function Unpublish({ onDone }: { onDone: (comment: string) => void }) {
  const [comment, setComment] = useState('');
  return (
    <Stack>
      <Text c="dimmed">{texts.editor.unpublishText}</Text>
      <Textarea label={texts.editor.comment} autosize minRows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} data-autofocus />
      <Button color="red" onClick={() => onDone(comment)}>
        {texts.moves.unpublish.button}
      </Button>
    </Stack>
  );
}
