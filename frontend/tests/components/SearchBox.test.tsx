// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { SearchBox as Box } from '@/components/shop/SearchBox';
import * as api from '@/lib/api';
import type { Asked } from '@/lib/catalogue';
import { texts } from '@/texts/shop';

const pushed: string[] = [];
vi.mock('next/navigation', () => ({ useRouter: () => ({ push: (path: string) => pushed.push(path) }) }));

let client: QueryClient;
const within = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
const SearchBox = (props: Pick<React.ComponentProps<typeof Box>, 'value' | 'onSearch'>) => within({ children: <Box {...props} onFilter={() => undefined} /> });

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  vi.spyOn(api, 'suggestions').mockRejectedValue(new Error('nothing is suggested'));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const type = (text: string) => fireEvent.change(screen.getByRole('combobox'), { target: { value: text } });

describe('the search field', () => {
  it('asks once, when the typing pauses', () => {
    const asked: string[] = [];
    render(<SearchBox value="" onSearch={(text) => asked.push(text)} />);

    for (const text of ['l', 'la', 'lam', ' lamp ']) {
      type(text);
      vi.advanceTimersByTime(100);
    }
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1000);

    expect(asked).toEqual(['lamp']);
  });

  it('asks for nothing when what was typed is taken back in time', () => {
    const asked: string[] = [];
    render(<SearchBox value="lamp" onSearch={(text) => asked.push(text)} />);

    type('lamps');
    type('lamp');
    vi.advanceTimersByTime(1000);

    expect(asked).toEqual([]);
  });

  it('asks before whoever typed goes on to something else', () => {
    const asked: string[] = [];
    render(<SearchBox value="" onSearch={(text) => asked.push(text)} />);

    type('lamp');
    fireEvent.blur(screen.getByRole('combobox'));
    expect(asked).toEqual(['lamp']);
    vi.advanceTimersByTime(1000);

    expect(asked).toEqual(['lamp']);
  });

  it('follows the address, and clears', () => {
    const asked: string[] = [];
    const box = (value: string) => <SearchBox value={value} onSearch={(text) => asked.push(text)} />;
    const { rerender } = render(box('lamp'));
    rerender(box('chair'));
    expect(screen.getByRole<HTMLInputElement>('combobox').value).toBe('chair');

    fireEvent.click(screen.getByRole('button', { name: texts.clear }));
    vi.advanceTimersByTime(1000);

    expect(asked).toEqual(['']);
  });
});

describe('suggestions', () => {
  const found = {
    products: [{ id: 7, name: 'Watt pendant lamp', business: 1, business_name: 'Nordlicht', price: '189.00', currency: 'EUR', category: 'lighting', picture: null }],
    categories: [{ value: 'lighting', count: 5 }],
    sellers: [],
    completions: ['lam', 'lamp', 'lampshade'],
    matched: 'exact' as const,
    corrected: null,
  };

  /** The field after "lam" was typed and its suggestions have come. */
  const open = async () => {
    vi.mocked(api.suggestions).mockResolvedValue(found);
    const searched: string[] = [];
    const filtered: Partial<Asked>[] = [];
    const box = (value: string) => within({ children: <Box value={value} onSearch={(text) => searched.push(text)} onFilter={(changes) => filtered.push(changes)} /> });
    const { rerender } = render(box(''));
    type('lam');
    rerender(box('lam'));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    searched.length = 0;
    return { field: screen.getByRole('combobox'), searched, filtered };
  };
  const active = (field: HTMLElement) => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent;

  it('are listed by kind, without what is typed already', async () => {
    const { field } = await open();

    expect(field.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['lamp', 'lampshade', 'lighting5', 'Watt pendant lamp€189.00']);
  });

  it('are walked by the arrow keys, round and past the field itself', async () => {
    const { field } = await open();
    const seen = ['ArrowDown', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown'].map((key) => (fireEvent.keyDown(field, { key }), active(field)));

    expect(seen).toEqual(['lamp', undefined, 'Watt pendant lamp€189.00', undefined, 'lamp']);
  });

  it('search, filter or lead to a page when they are chosen', async () => {
    const { field, searched, filtered } = await open();
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(searched).toEqual(['lamp']);
    expect(screen.queryAllByRole('option')).toEqual([]);

    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.click(screen.getByRole('option', { name: /lighting/ }));
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.click(screen.getByRole('option', { name: /pendant/ }));

    expect(filtered).toEqual([{ category: 'lighting', q: undefined, correct: undefined }]);
    expect(pushed).toEqual(['/product/?id=7']);
  });

  it('go with Escape, and what was typed stays', async () => {
    const { field } = await open();
    fireEvent.keyDown(field, { key: 'Escape' });

    expect(field.getAttribute('aria-expanded')).toBe('false');
    expect((field as HTMLInputElement).value).toBe('lam');
  });
});

describe('a correction', () => {
  it.each([
    [{ 'x-search-matched': 'similar', 'x-search-corrected': 'gr%C3%BCne%20lamp' }, 'grüne lamp'],
    [{ 'x-search-matched': 'exact' }, undefined],
    [{ 'x-search-matched': 'similar', 'x-search-corrected': '%zz' }, undefined],
    [{}, undefined],
  ])('of the headers %j is %s', (headers, words) => {
    expect(api.correctedOf(headers)).toBe(words);
  });
});
