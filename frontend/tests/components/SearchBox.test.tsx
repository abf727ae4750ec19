// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SearchBox } from '@/components/shop/SearchBox';
import { texts } from '@/texts/shop';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const type = (text: string) => fireEvent.change(screen.getByRole('searchbox'), { target: { value: text } });

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
    fireEvent.blur(screen.getByRole('searchbox'));
    expect(asked).toEqual(['lamp']);
    vi.advanceTimersByTime(1000);

    expect(asked).toEqual(['lamp']);
  });

  it('follows the address, and clears', () => {
    const asked: string[] = [];
    const box = (value: string) => <SearchBox value={value} onSearch={(text) => asked.push(text)} />;
    const { rerender } = render(box('lamp'));
    rerender(box('chair'));
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('chair');

    fireEvent.click(screen.getByRole('button', { name: texts.clear }));
    vi.advanceTimersByTime(1000);

    expect(asked).toEqual(['']);
  });
});
