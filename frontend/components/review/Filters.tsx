'use client';

import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import { writeQuery } from '@/lib/query';
import type { Approval } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { choicesOf } from './choices';

/** Of so many pages of what waits, the oldest first, come the choices; more would make opening the queue slow. */
const PAGES = 4;

async function waiting(signal: AbortSignal): Promise<Approval[]> {
  const found: Approval[] = [];
  let cursor: string | null = null;
  for (let at = 0; at < PAGES; at += 1) {
    const page: api.Page<Approval> = await api.approvals({}, cursor, signal);
    found.push(...page.items);
    if (!page.next) break;
    cursor = page.next;
  }
  return found;
}

/** Narrows the queue to a category and to whoever submitted; what is chosen is in the address. */
export function Filters({ asked }: { asked: api.QueueFilters }) {
  const { data = [] } = useQuery({ queryKey: ['approvals', 'choices'], queryFn: ({ signal }) => waiting(signal), staleTime: 30_000 });
  const { categories, submitters } = choicesOf(data, asked);
  return (
    <>
      <NativeSelect
        aria-label={texts.review.category}
        value={asked.category ?? ''}
        onChange={(event) => writeQuery({ category: event.target.value })}
        data={[{ value: '', label: texts.review.anyCategory }, ...categories]}
      />
      <NativeSelect
        aria-label={texts.review.submitter}
        value={String(asked.submitted_by ?? '')}
        onChange={(event) => writeQuery({ submitted_by: event.target.value })}
        data={[{ value: '', label: texts.review.anyone }, ...submitters]}
      />
    </>
  );
}
