'use client';

import { ActionIcon, Menu, Table } from '@mantine/core';
import { IconDots, IconSend, IconTrash, IconArrowBackUp } from '@tabler/icons-react';
import Link from 'next/link';
import { StatusBadge } from '@/components/dashboard/StatusBadge';
import { ProductArt } from '@/components/shop/ProductArt';
import { money } from '@/lib/money';
import { ago } from '@/lib/time';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Products.module.css';
import { useDelete, useMove } from './useMoves';

export function ProductRow({ product }: { product: Product }) {
  return (
    <Table.Tr className={styles.row}>
      <Table.Td className={styles.product}>
        <div className={styles.thumb}>
          <ProductArt category={product.category} id={product.id} picture={product.picture} />
        </div>
        <div className={styles.named}>
          <Link href={`/dashboard/product/?id=${product.id}`} prefetch={false} dir="auto">
            {product.name}
          </Link>
          <small dir="auto">{[product.sku, product.category].filter(Boolean).join(' · ')}</small>
        </div>
      </Table.Td>
      <Table.Td data-label={texts.products.columns.status}>
        <StatusBadge product={product} />
      </Table.Td>
      <Table.Td ta="end" className={styles.price}>
        {money(product.price, product.currency)}
        {product.live_version !== null && product.status !== 'approved' && (
          <small className={styles.proposed} title={texts.products.proposedHint}>
            {texts.products.proposed}
          </small>
        )}
      </Table.Td>
      <Table.Td className={`${styles.wide} ${styles.by}`} dir="auto">
        {product.created_by_name}
      </Table.Td>
      <Table.Td className={`${styles.wide} ${styles.since}`}>{ago(product.updated_at)}</Table.Td>
      <Table.Td className={styles.menu}>
        <Actions product={product} />
      </Table.Td>
    </Table.Tr>
  );
}

function Actions({ product }: { product: Product }) {
  const move = useMove();
  const remove = useDelete();
  const may = (action: string) => product.allowed_actions.includes(action);
  if (!may('submit') && !may('withdraw') && !may('delete')) return null;
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${texts.common.actions}: ${product.name}`}>
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may('submit') && (
          <Menu.Item
            leftSection={<IconSend size={16} />}
            onClick={() => move.mutate({ id: product.id, move: 'submit', version: product.version })}
          >
            {texts.moves.submit.button}
          </Menu.Item>
        )}
        {may('withdraw') && (
          <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={() => move.mutate({ id: product.id, move: 'withdraw' })}>
            {texts.moves.withdraw.button}
          </Menu.Item>
        )}
        {may('delete') && (
          <Menu.Item c="var(--brick)" leftSection={<IconTrash size={16} />} onClick={() => remove(product)}>
            {texts.common.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
