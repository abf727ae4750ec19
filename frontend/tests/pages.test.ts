import { describe, expect, it } from 'vitest';
import { all, firstOf } from '@/lib/pages';

/** A list in three pages, and which of them were asked for. */
function list() {
  const pages = [[1, 2], [3], [4]];
  const asked: number[] = [];
  const read = async (cursor: string | null) => {
    const at = Number(cursor ?? 0);
    asked.push(at);
    return { items: pages[at]!, next: at + 1 < pages.length ? String(at + 1) : null };
  };
  return { read, asked };
}

describe('a list in pages', () => {
  it('is read whole, however many pages it comes in', async () => {
    expect(await all(list().read)).toEqual([1, 2, 3, 4]);
  });

  it('is read as far as is wished', async () => {
    const { read, asked } = list();

    expect(await all(read, 2)).toEqual([1, 2, 3]);
    expect(asked).toEqual([0, 1]);
  });

  it('is read as far as what is looked for, and no further', async () => {
    const { read, asked } = list();

    expect(await firstOf(read, (item) => item === 3)).toBe(3);
    expect(asked).toEqual([0, 1]);
  });

  it('has nothing to offer where nothing fits', async () => {
    expect(await firstOf(list().read, (item) => item > 4)).toBeNull();
  });
});
