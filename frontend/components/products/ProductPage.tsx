'use client';

import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { Allowed } from '@/components/dashboard/Gate';
import { StatusBadge } from '@/components/dashboard/StatusBadge';
import { Title } from '@/components/dashboard/Title';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { useDoomed } from '@/lib/doomed';
import { useTitle } from '@/lib/title';
import { texts } from '@/texts/dashboard';
import { Editor } from './Editor';
import { History } from './History';
import { ProductActions } from './ProductActions';
import styles from './ProductPage.module.css';
import { Versions } from './Versions';

export function ProductPage() {
  const id = Number(useSearchParams().get('id'));
  return (
    <>
      <p className={styles.back}>
        <Link href="/dashboard/" prefetch={false}>
          {texts.editor.back}
        </Link>
      </p>
      {id > 0 ? (
        <Allowed to="product:view">
          <Existing key={id} id={id} />
        </Allowed>
      ) : (
        <Allowed to="product:write">
          <Title>{texts.editor.newTitle}</Title>
          <Editor key="new" product={null} etag={null} />
        </Allowed>
      )}
    </>
  );
}

function Existing({ id }: { id: number }) {
  const doomed = useDoomed();
  const found = useQuery({ queryKey: ['product', id], queryFn: ({ signal }) => api.product(id, signal), staleTime: 5_000 });
  useTitle(found.data?.item.name);
  if (doomed.includes(id)) return null;
  if (found.isError && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" style={{ height: '28rem' }} />;
  const { item: product, etag } = found.data;
  return (
    <>
      <Title actions={<ProductActions product={product} />}>{product.name}</Title>
      <p className={styles.state}>
        <StatusBadge product={product} />
        <span>{texts.products.version(product.version)}</span>
      </p>
      <Tabs defaultValue="edit" keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="edit">{texts.editor.tabs.edit}</Tabs.Tab>
          <Tabs.Tab value="versions">{texts.editor.tabs.versions}</Tabs.Tab>
          <Tabs.Tab value="history">{texts.editor.tabs.history}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit" keepMounted>
          <Editor product={product} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions product={product} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History of={{ type: 'product', id: product.id }} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
