'use client';

import { Button, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { Paged } from '@/components/dashboard/Paged';
import { named } from '@/lib/named';
import { instant } from '@/lib/time';
import type { Product, Revision } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';
import { useMove } from './useMoves';
import { useRevisions } from './useRevisions';
import { VersionChanges } from './VersionChanges';

/** All versions, newest first, each with what it changed; any earlier one can be restored. */
export function Versions({ product }: { product: Product }) {
  const found = useRevisions(product.id);
  const move = useMove();
  const askRestore = (revision: Revision, current: Revision) =>
    modals.openConfirmModal({
      title: texts.editor.restore(revision.version),
      size: 'lg',
      children: (
        <Stack>
          <Text c="dimmed">{texts.editor.restoreText}</Text>
          <VersionChanges from={current} to={revision} same={texts.editor.restoreSame} />
        </Stack>
      ),
      labels: { confirm: texts.moves.revert.button, cancel: texts.common.cancel },
      onConfirm: () => move.mutate({ id: product.id, move: 'revert', version: revision.version }),
    });
  return (
    <Paged found={found} empty={null}>
      {(revisions) => (
        <ol className={styles.entries}>
          {revisions.map((revision, at) => (
            <li key={revision.version}>
              <strong>{texts.products.version(revision.version)}</strong> <Marks revision={revision} product={product} />
              <br />
              <small>{texts.editor.by(named(revision.author_name, revision.author_username), instant(revision.created_at))}</small>
              {(revision.version === 1 || revisions[at + 1]) && <VersionChanges from={revisions[at + 1] ?? null} to={revision} same={texts.editor.noChange} />}
              {revision.comment && <blockquote dir="auto">{revision.comment}</blockquote>}
              {revision.version !== product.version && product.allowed_actions.includes('revert') && (
                <div>
                  <Button
                    mt="xs"
                    size="compact-sm"
                    variant="default"
                    loading={move.isPending && move.variables.version === revision.version}
                    onClick={() => askRestore(revision, revisions[0]!)}
                  >
                    {texts.moves.revert.button}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
    </Paged>
  );
}

function Marks({ revision, product }: { revision: Revision; product: Product }) {
  const state = texts.status[revision.state as keyof typeof texts.status] ?? revision.state;
  const marks = [
    revision.is_live ? texts.editor.liveMark : revision.state === 'approved' ? '' : state,
    revision.version === product.version && texts.editor.workingMark,
    revision.self_approved && texts.editor.selfApproved,
  ].filter(Boolean);
  return <span className={styles.soft}>{marks.join(' · ')}</span>;
}
