'use client';

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from '@/components/ui/Notice';
import { type Pages, rowsOf } from '@/lib/pages';
import { texts } from '@/texts/dashboard';
import styles from './Paged.module.css';

interface Props<Item> {
  found: Pages<Item>;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  children: (rows: Item[]) => ReactNode;
}

/** A list on its way, failed, empty, or there with a way to what follows; what is there stays when a later call fails. */
export function Paged<Item>({ found, empty, children }: Props<Item>) {
  const rows = rowsOf(found);
  if (found.isPending) return <div className={`skeleton ${styles.waiting}`} />;
  if (found.isError && rows.length === 0) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (rows.length === 0 && !found.hasNextPage) return empty;
  return (
    <>
      {children(rows)}
      {found.isFetchNextPageError ? (
        <Failure error={found.error} retry={() => void found.fetchNextPage()} />
      ) : (
        found.hasNextPage && (
          <p className={styles.more}>
            <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {texts.common.more}
            </Button>
          </p>
        )
      )}
    </>
  );
}
