import { expect, test } from 'vitest';
import { choicesOf } from '@/components/review/choices';
import type { Approval } from '@/lib/types';

const row = (category: string, id: number, name: string) => ({ type: 'product', category, submitted_by: id, submitted_by_name: name }) as unknown as Approval;

test('choices are what waits, each once, by name', () => {
  const { categories, submitters } = choicesOf([row('rugs', 7, 'Ben'), row('lamps', 3, 'Ada'), row('', 7, 'Ben')], {});

  expect(categories.map(({ value }) => value)).toEqual(['lamps', 'rugs']);
  expect(submitters).toEqual([
    { value: '3', label: 'Ada' },
    { value: '7', label: 'Ben' },
  ]);
});

test('what is chosen stays a choice when nothing of it waits any more', () => {
  const { categories, submitters } = choicesOf([], { category: 'gone', submitted_by: 9 });

  expect(categories).toEqual([{ value: 'gone', label: 'gone' }]);
  expect(submitters).toEqual([{ value: '9', label: '#9' }]);
});
