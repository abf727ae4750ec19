'use client';

import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tell, tellFailure } from '@/components/dashboard/tell';
import styles from '@/components/people/People.module.css';
import { useRefresh } from '@/components/products/useMoves';
import * as api from '@/lib/api';
import { productNumber } from '@/lib/address';
import { money } from '@/lib/money';
import { problemOf } from '@/lib/problems';
import type { Listing } from '@/lib/types';
import { texts } from '@/texts/dashboard';

const say = texts.platform;

/** Takes one product off the public page, whosever it is. */
export function TakeDown() {
  const [text, setText] = useState('');
  const id = productNumber(text);
  const found = useQuery({
    queryKey: ['listing', id],
    queryFn: ({ signal }) => api.listing(id!, signal),
    enabled: id !== null,
    staleTime: 0,
    retry: false,
  });
  const unknown = text.trim() !== '' && (id === null || (found.isError && problemOf(found.error).status === 404));
  return (
    <section className={styles.section}>
      <h2>{say.takeDown}</h2>
      <div className={styles.form}>
        <TextInput
          label={say.address}
          description={say.addressHint}
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={unknown && say.unknown}
        />
        {found.data && !unknown && <Sure key={id} product={found.data} onDone={() => setText('')} />}
      </div>
    </section>
  );
}

function Sure({ product, onDone }: { product: Listing; onDone: () => void }) {
  const [comment, setComment] = useState('');
  const refresh = useRefresh();
  const take = useMutation({
    mutationFn: () => api.moveProduct(product.id, 'unpublish', { comment: comment.trim() }),
    onSuccess: () => {
      tell(texts.moves.unpublish.done);
      onDone();
    },
    onError: tellFailure,
    onSettled: refresh,
  });
  return (
    <>
      <p role="status">
        <strong dir="auto">{product.name}</strong>, <span dir="auto">{product.business_name}</span>, {money(product.price, product.currency)}
      </p>
      <Textarea
        label={say.reason}
        description={say.reasonHint}
        autosize
        minRows={2}
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <Button color="red" w="fit-content" disabled={!comment.trim()} loading={take.isPending} onClick={() => take.mutate()}>
        {texts.moves.unpublish.button}
      </Button>
    </>
  );
}
