import { describe, expect, it } from 'vitest';
import { changesOf, type Draft, draftOf, rules, wishOf } from '@/lib/draft';
import type { Product } from '@/lib/types';
import { texts } from '@/texts/dashboard';

const product: Product = {
  id: 1,
  sku: 'A-1',
  name: 'Lamp',
  description: 'Bright.',
  price: '129.00',
  currency: 'EUR',
  price_minor: 12900,
  category: 'lighting',
  attributes: { colour: 'red' },
  picture: null,
  status: 'draft',
  version: 1,
  live_version: null,
  business: 1,
  business_name: 'B',
  created_by: 1,
  created_by_name: 'A',
  created_by_username: 'anna',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  allowed_actions: ['edit'],
};

const faults = (changes: Partial<Draft>) => {
  const found = rules(texts.editor).safeParse({ ...draftOf(product), ...changes });
  return found.success ? {} : Object.fromEntries(found.error.issues.map((issue) => [issue.path.join('.'), issue.message]));
};

describe('a draft', () => {
  it('of a sound product is sound', () => {
    expect(faults({})).toEqual({});
  });

  it.each([
    [{ name: '  ' }, 'name'],
    [{ name: 'x'.repeat(256) }, 'name'],
    [{ price: '1.999' }, 'price'],
    [{ price: '12.5', currency: 'JPY' }, 'price'],
    [{ description: 'word '.repeat(101) }, 'description'],
    [{ attributes: [{ key: 'a', name: '', value: 'red' }] }, 'attributes.0.name'],
    [{ attributes: [{ key: 'a', name: 'x', value: '1' }, { key: 'b', name: 'x', value: '2' }] }, 'attributes.1.name'],
  ])('with a fault names the field: %o', (changes, field) => {
    expect(Object.keys(faults(changes))).toEqual([field]);
  });

  it('of a hundred words is sound', () => {
    expect(faults({ description: 'word '.repeat(100) })).toEqual({});
  });

  it('asks for nothing where nothing was changed', () => {
    expect(changesOf(draftOf(product), product)).toEqual({});
  });

  it('asks for what was changed, and only for that', () => {
    expect(changesOf({ ...draftOf(product), price: '1.199,00' }, product)).toEqual({ price: '1199.00' });
    expect(changesOf({ ...draftOf(product), sku: '' }, product)).toEqual({ sku: null });
  });

  it('leaves out details without a name', () => {
    expect(wishOf({ ...draftOf(null), attributes: [{ key: 'a', name: '', value: '' }] }).attributes).toEqual({});
  });
});
