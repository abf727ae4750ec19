// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, useAsking, writeQuery } from '@/lib/query';

// The router, which tells of a new address when it gets to it.
const router = vi.hoisted(() => ({ told: '' }));
vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(router.told) }));

beforeEach(() => {
  history.replaceState(null, '', '/dashboard/?q=oak');
  router.told = 'q=oak';
});
afterEach(cleanup);

const asking = () => renderHook(() => useAsking().toString());

describe('what the address asks for', () => {
  it('is there at once when it was written here', () => {
    const { result } = asking();
    expect(result.current).toBe('q=oak');

    act(() => writeQuery({ status: 'draft' }));

    expect(result.current).toBe('q=oak&status=draft');
    expect(location.search).toBe('?q=oak&status=draft');
  });

  it('does not fall back while the router tells of an older one', () => {
    const { result, rerender } = asking();
    act(() => writeQuery({ q: 'oak t' }));
    act(() => writeQuery({ q: 'oak table' }));

    router.told = 'q=oak+t';
    rerender();
    expect(result.current).toBe('q=oak+table');
    router.told = 'q=oak+table';
    rerender();
    expect(result.current).toBe('q=oak+table');
  });

  it('follows Back and links, also where the router had not told of the last writing', () => {
    const { result, rerender } = asking();
    act(() => ask('?q=elm', 'push'));

    history.replaceState(null, '', '/dashboard/?q=ash');
    router.told = 'q=ash';
    rerender();

    expect(result.current).toBe('q=ash');
  });

  it('is the router’s alone on a page that wrote nothing', () => {
    const { result } = asking();
    act(() => ask('?q=elm', 'push'));
    expect(result.current).toBe('q=elm');
    cleanup();

    history.replaceState(null, '', '/dashboard/review/');
    router.told = '';

    expect(asking().result.current).toBe('');
  });

  it('adds no step to the history when nothing changes', () => {
    const steps = history.length;
    act(() => ask('?q=oak', 'push'));
    expect(history.length).toBe(steps);
  });
});
