// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Paged } from '@/components/dashboard/Paged';
import { usePages } from '@/lib/pages';
import { ApiProblem } from '@/lib/problems';
import { texts } from '@/texts/dashboard';
import { texts as notices } from '@/texts/notice';

type Answer = { items: string[]; next: string | null };

beforeAll(() => {
  // What jsdom lacks and the library asks for.
  window.matchMedia = ((query: string) => ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} })) as never;
});
afterEach(cleanup);

function List({ read }: { read: (cursor: string | null) => Promise<Answer> }) {
  const found = usePages(['list'], read);
  return (
    <Paged found={found} empty={<p>nothing</p>}>
      {(rows) => <ul>{rows.map((row) => <li key={row}>{row}</li>)}</ul>}
    </Paged>
  );
}

const show = (read: (cursor: string | null) => Promise<Answer>) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <MantineProvider>
        <List read={read} />
      </MantineProvider>
    </QueryClientProvider>,
  );

const rows = () => screen.queryAllByRole('listitem').map((item) => item.textContent);
const down = () => Promise.reject(new ApiProblem(503, 'down', ''));

describe('a list of the dashboard', () => {
  it('goes on where somebody asks for more', async () => {
    show(async (cursor) => (cursor ? { items: ['b'], next: null } : { items: ['a'], next: '1' }));

    (await screen.findByRole('button', { name: texts.common.more })).click();

    await waitFor(() => expect(rows()).toEqual(['a', 'b']));
    expect(screen.queryByRole('button', { name: texts.common.more })).toBeNull();
  });

  it('keeps what is there when the next page fails, and says so', async () => {
    show((cursor) => (cursor ? down() : Promise.resolve({ items: ['a'], next: '1' })));

    (await screen.findByRole('button', { name: texts.common.more })).click();

    expect(await screen.findByText(notices.down.title)).toBeTruthy();
    expect(rows()).toEqual(['a']);
    expect(screen.getByRole('button', { name: notices.retry })).toBeTruthy();
  });

  it('says that it is empty only when nothing follows', async () => {
    show(async (cursor) => (cursor ? { items: ['b'], next: null } : { items: [], next: '1' }));

    (await screen.findByRole('button', { name: texts.common.more })).click();

    await waitFor(() => expect(rows()).toEqual(['b']));
  });

  it('says that it is empty', async () => {
    show(async () => ({ items: [], next: null }));

    expect(await screen.findByText('nothing')).toBeTruthy();
  });
});
