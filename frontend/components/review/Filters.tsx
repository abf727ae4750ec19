'use client';

import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import { all } from '@/lib/pages';
import { writeQuery } from '@/lib/query';
import { texts } from '@/texts/dashboard';
import { choicesOf } from './choices';

/** Of so many pages of what waits, the oldest first, come the choices; more would make opening the queue slow. */
const PAGES = 4;

/** Narrows the queue to a category and to whoever submitted; what is chosen is in the address. */
export function Filters({ asked }: { asked: api.QueueFilters }) {
  const { data = [] } = useQuery({ queryKey: ['approvals', 'choices'], queryFn: ({ signal }) => all((cursor) => api.approvals({}, cursor, signal), PAGES), staleTime: 30_000 });
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
