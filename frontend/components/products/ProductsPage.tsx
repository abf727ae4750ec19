'use client';

import { Button, SegmentedControl, Table, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { Paged } from '@/components/dashboard/Paged';
import { Search } from '@/components/dashboard/Search';
import { Title } from '@/components/dashboard/Title';
import { placesFor } from '@/components/dashboard/places';
import { Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { useDoomed } from '@/lib/doomed';
import { usePages } from '@/lib/pages';
import { useAsking, writeQuery } from '@/lib/query';
import type { Product } from '@/lib/types';
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
  const query = useAsking();
  const { can } = usePerson();
  const status = STATES.find((known) => known === query.get('status')) ?? '';
  const q = query.get('q') ?? '';
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
        <Search value={q} label={texts.products.search} />
        <SegmentedControl
          className={`rings-inside ${styles.states}`}
          aria-label={texts.products.filter}
          value={status}
          onChange={(value) => writeQuery({ status: value })}
          data={STATES.map((value) => ({ value, label: value ? texts.status[value] : texts.products.all }))}
        />
      </div>
      <Found filters={{ q: q || undefined, status: status || undefined }} />
    </>
  );
}

function Found({ filters }: { filters: api.ProductFilters }) {
  const doomed = useDoomed();
  const found = usePages(['products', filters], (cursor, signal) => api.products(filters, cursor, signal));
  const said = filters.q || filters.status ? texts.products.none : texts.products.empty;
  const none = <Notice title={said.title}>{said.text}</Notice>;
  return (
    <Paged found={found} empty={none}>
      {(all) => {
        const rows = all.filter(({ id }) => !doomed.includes(id));
        return rows.length === 0 ? none : <Rows rows={rows} busy={found.isPlaceholderData} />;
      }}
    </Paged>
  );
}

function Rows({ rows, busy }: { rows: Product[]; busy: boolean }) {
  return (
    <Table className={styles.table} highlightOnHover aria-busy={busy}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{texts.products.columns.product}</Table.Th>
          <Table.Th>{texts.products.columns.status}</Table.Th>
          <Table.Th ta="end">{texts.products.columns.price}</Table.Th>
          <Table.Th className={styles.wide}>{texts.products.columns.by}</Table.Th>
          <Table.Th className={styles.wide}>{texts.products.columns.updated}</Table.Th>
          <Table.Th>
            <VisuallyHidden>{texts.common.actions}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((product) => (
          <ProductRow key={product.id} product={product} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
