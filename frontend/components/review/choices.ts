import type { QueueFilters } from '@/lib/api';
import type { Approval } from '@/lib/types';

export interface Choice {
  value: string;
  label: string;
}

/** The categories and the people of what waits, by name; what is chosen stays a choice when nothing of it waits any more. */
export function choicesOf(rows: Approval[], asked: QueueFilters): { categories: Choice[]; submitters: Choice[] } {
  const categories = new Set(rows.flatMap((row) => (row.type === 'product' && row.category ? [row.category] : [])));
  if (asked.category) categories.add(asked.category);
  const people = new Map(asked.submitted_by ? [[asked.submitted_by, '']] : []);
  for (const { submitted_by, submitted_by_name } of rows) people.set(submitted_by, submitted_by_name);
  return {
    categories: [...categories].sort().map((name) => ({ value: name, label: name })),
    submitters: [...people]
      .map(([id, name]) => ({ value: String(id), label: name || `#${id}` }))
      .sort((a, b) => a.label.localeCompare(b.label)),
  };
}
