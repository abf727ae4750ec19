'use client';

import { Button } from '@mantine/core';
import { Paged } from '@/components/dashboard/Paged';
import { money } from '@/lib/money';
import { instant } from '@/lib/time';
import type { Product, Revision } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';
import { useMove } from './useMoves';
import { useRevisions } from './useRevisions';

/** All versions, newest first; any earlier one can be taken up again. */
export function Versions({ product }: { product: Product }) {
  const found = useRevisions(product.id);
  const move = useMove();
  return (
    <Paged found={found} empty={null}>
      {(revisions) => (
        <ol className={styles.entries}>
          {revisions.map((revision) => (
            <li key={revision.version}>
              <strong>{texts.products.version(revision.version)}</strong> <Marks revision={revision} product={product} />
              <br />
              <span dir="auto">{revision.name}</span>, {money(revision.price, revision.currency)}
              <br />
              <small>{texts.editor.by(revision.author_name, instant(revision.created_at))}</small>
              {revision.comment && <blockquote dir="auto">{revision.comment}</blockquote>}
              {revision.version !== product.version && product.allowed_actions.includes('revert') && (
                <div>
                  <Button
                    mt="xs"
                    size="compact-sm"
                    variant="default"
                    loading={move.isPending && move.variables.version === revision.version}
                    onClick={() => move.mutate({ id: product.id, move: 'revert', version: revision.version })}
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
