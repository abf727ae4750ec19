'use client';

import { Button, SegmentedControl, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import { placesFor } from '@/components/dashboard/places';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { useDoomed } from '@/lib/doomed';
import { texts } from '@/texts/dashboard';
import { ProductRow } from './ProductRow';
import styles from './Products.module.css';

const STATES = ['', 'draft', 'pending_approval', 'approved', 'rejected'] as const;

/** Where everybody arrives: those who see no products go on to what is theirs. */
export function ProductsPage() {
  const { can } = usePerson();
  const router = useRouter();
  const elsewhere = can('product:view') ? undefined : placesFor(can)[0]?.href;
  useEffect(() => {
    if (elsewhere) router.replace(elsewhere);
  }, [elsewhere, router]);
  return elsewhere ? null : (
    <Allowed to="product:view">
      <Products />
    </Allowed>
  );
}

function Products() {
  const query = useSearchParams();
  const { can } = usePerson();
  const [text, setText] = useState(query.get('q') ?? '');
  const status = query.get('status') ?? '';
  const q = query.get('q') ?? '';
  const go = (changes: Record<string, string>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    history.replaceState(null, '', `${location.pathname}${next.size ? `?${next}` : ''}`);
  };
  const search = useDebouncedCallback((value: string) => go({ q: value.trim() }), 200);
  return (
    <>
      <Title
        actions={
          can('product:write') && (
            <Button component={Link} href="/dashboard/product/" prefetch={false} leftSection={<IconPlus size={18} />}>
              {texts.products.create}
            </Button>
          )
        }
      >
        {texts.products.title}
      </Title>
      <div className={styles.tools}>
        <TextInput
          type="search"
          aria-label={texts.products.search}
          placeholder={texts.products.search}
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            search(event.target.value);
          }}
          className={styles.search}
        />
        <SegmentedControl
          className={styles.states}
          aria-label={texts.products.filter}
          value={status}
          onChange={(value) => go({ status: value })}
          data={STATES.map((value) => ({ value, label: value ? texts.status[value] : texts.products.all }))}
        />
      </div>
      <Found filters={{ q: q || undefined, status: status || undefined }} />
    </>
  );
}

function Found({ filters }: { filters: api.ProductFilters }) {
  const doomed = useDoomed();
  const found = useInfiniteQuery({
    queryKey: ['products', filters],
    queryFn: ({ pageParam, signal }) => api.products(filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const rows = found.data?.pages.flatMap((page) => page.items).filter(({ id }) => !doomed.includes(id)) ?? [];
  if (found.isPending) return <div className="skeleton" style={{ height: '24rem' }} />;
  if (found.isError && rows.length === 0) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (rows.length === 0) {
    const said = filters.q || filters.status ? texts.products.none : texts.products.empty;
    return <Notice title={said.title}>{said.text}</Notice>;
  }
  return (
    <>
      <Table className={styles.table} highlightOnHover aria-busy={found.isPlaceholderData}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.products.columns.product}</Table.Th>
            <Table.Th>{texts.products.columns.status}</Table.Th>
            <Table.Th ta="end">{texts.products.columns.price}</Table.Th>
            <Table.Th className={styles.wide}>{texts.products.columns.by}</Table.Th>
            <Table.Th className={styles.wide}>{texts.products.columns.updated}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{texts.people.columns.actions}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((product) => (
            <ProductRow key={product.id} product={product} />
          ))}
        </Table.Tbody>
      </Table>
      {found.hasNextPage && (
        <p className={styles.more}>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {texts.common.more}
          </Button>
        </p>
      )}
    </>
  );
}
