'use client';

import { Button, Kbd, Modal, Switch, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import { Allowed } from '@/components/dashboard/Gate';
import { Search } from '@/components/dashboard/Search';
import { Title } from '@/components/dashboard/Title';
import { Failure, Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { rowsOf, usePages } from '@/lib/pages';
import { useAsking, writeQuery } from '@/lib/query';
import { texts } from '@/texts/dashboard';
import { Filters } from './Filters';
import { Queue } from './Queue';
import styles from './Review.module.css';

export function ReviewPage() {
  return (
    <Allowed to="product:approve">
      <Review />
    </Allowed>
  );
}

function Review() {
  const query = useAsking();
  const asked = {
    q: query.get('q') || undefined,
    category: query.get('category') || undefined,
    submitted_by: Number(query.get('submitted_by')) || undefined,
    decidable: query.has('decidable') || undefined,
  };
  const found = usePages(['approvals', 'queue', asked], (cursor, signal) => api.approvals(asked, cursor, signal), { refetchInterval: 30_000 });
  const [keys, { open: openKeys, close: closeKeys }] = useDisclosure();
  const rows = rowsOf(found);
  const narrowed = Object.values(asked).some((value) => value !== undefined);
  const none = narrowed ? texts.review.none : texts.review.empty;
  return (
    <>
      <Title
        actions={
          <Button variant="subtle" color="gray" leftSection={<IconKeyboard size={20} />} onClick={openKeys}>
            {texts.review.keys}
          </Button>
        }
      >
        {texts.review.title}
      </Title>
      <div className={styles.tools}>
        <Search value={asked.q ?? ''} label={texts.products.search} />
        <Filters asked={asked} />
        <Switch
          label={texts.review.decidable}
          checked={asked.decidable ?? false}
          onChange={(event) => writeQuery({ decidable: event.target.checked ? '1' : '' })}
        />
        {/* Last, or its coming would move what somebody is about to press. */}
        {narrowed && (
          <Button variant="subtle" color="gray" onClick={() => writeQuery({ q: '', category: '', submitted_by: '', decidable: '' })}>
            {texts.review.clear}
          </Button>
        )}
      </div>
      {found.isPending ? (
        <div className="skeleton" style={{ height: '24rem' }} />
      ) : found.isError && rows.length === 0 ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : rows.length === 0 ? (
        <Notice title={none.title}>{none.text}</Notice>
      ) : (
        <Queue rows={rows} more={found.hasNextPage ? () => void found.fetchNextPage() : undefined} onHelp={openKeys} />
      )}
      <Modal opened={keys} onClose={closeKeys} title={texts.review.keys}>
        <Table>
          <Table.Tbody>
            {texts.review.keyList.map(([key, meaning]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{meaning}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  );
}
