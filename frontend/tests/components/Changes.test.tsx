// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Changes } from '@/components/review/Changes';
import type { Approval, Diff } from '@/lib/types';
import { texts } from '@/texts/dashboard';

afterEach(cleanup);

const show = (diff: Partial<Diff>) =>
  render(<Changes diff={{ from: 1, to: 2, changes: [], price_change_percent: null, ...diff }} row={{ type: 'product', currency: 'EUR' } as Approval} />);
const change = (field: string, old: string | null, next: string | null, percent: string | null = null) => ({
  field,
  old,
  new: next,
  change_percent: percent,
});

describe('what changes', () => {
  it('marks the words that go and come', () => {
    const { container } = show({ changes: [change('description', 'a firm chair', 'a soft chair')] });

    expect(container.querySelector('del')?.textContent).toBe('firm ');
    expect(container.querySelector('ins')?.textContent).toBe('soft ');
  });

  it('shows a price as money, with its change', () => {
    show({ changes: [change('price', '100.00', '125.00', '+25.00')] });

    expect(screen.getByRole('row', { name: /€100.00.*€125.00.*\+25.00 %/ })).toBeTruthy();
  });

  it('of a new product is what it says, without an empty column', () => {
    show({ from: null, changes: [change('name', null, 'Lamp'), change('sku', null, null)] });

    expect(screen.getByText(texts.review.fresh)).toBeTruthy();
    expect(screen.getAllByRole('columnheader')).toHaveLength(2);
    expect(screen.getAllByRole('rowheader')).toHaveLength(1);
  });

  it('may be nothing', () => {
    show({});

    expect(screen.getByText(texts.review.unchanged)).toBeTruthy();
  });

  it('is text, whatever it says', () => {
    const { container } = show({ changes: [change('name', 'Lamp', '<img src=x onerror=alert(1)>')] });

    expect(container.querySelector('img')).toBeNull();
  });

  it('names what cannot be seen', () => {
    const marked = { old: [{ text: 'a soft chair' }], new: [{ text: 'a so' }, { mark: 'U+200B ZERO WIDTH SPACE' }, { text: 'ft chair' }] };
    const { container } = show({ changes: [{ ...change('description', 'a soft chair', 'a so\u200bft chair'), marked }] });

    expect(container.querySelector('ins')?.textContent).toBe('soU+200Bft ');
    expect(container.querySelector('mark')?.title).toBe(texts.review.unseen('U+200B ZERO WIDTH SPACE'));
    expect(container.querySelector('del')?.textContent).toBe('soft ');
  });
});
