import { describe, expect, it } from 'vitest';
import { nextCursor } from '@/lib/api';
import { artOf } from '@/lib/art';
import { readAsked, writeAsked } from '@/lib/catalogue';
import { compare } from '@/lib/diff';
import { countStates, isoDay, perDay, waitingGroups } from '@/lib/insights';
import { sentence } from '@/lib/problems';
import { secondsLeft } from '@/lib/session';
import { events } from '@/lib/sse';
import { ago, waiting } from '@/lib/time';
import { countWords } from '@/lib/words';
import { safeNext } from '@/components/login/LoginPage';
import { inScript } from '@/components/shop/StructuredData';

describe('words', () => {
  it.each([
    ['', 0],
    ['  one\ttwo\n three ', 3],
    ['one\u00a0two', 2],
  ])('%o has %i', (text, count) => {
    expect(countWords(text)).toBe(count);
  });
});

describe('the next page', () => {
  it('is read from the Link header', () => {
    expect(nextCursor('</api/products/public/?page_size=24&cursor=abc%3D>; rel="next"')).toBe('abc=');
    expect(nextCursor('')).toBeNull();
    expect(nextCursor('</x?cursor=1>; rel="prev"')).toBeNull();
  });
});

describe('filters', () => {
  it('survive the way into an address and back', () => {
    const asked = { q: 'a & b', category: 'toys', ordering: 'price' as const };
    expect(readAsked(new URLSearchParams(writeAsked(asked)))).toEqual(asked);
  });

  it('of unknown names are left out', () => {
    expect(readAsked(new URLSearchParams('colour=red&q='))).toEqual({});
  });
});

describe('a comparison of texts', () => {
  it('marks what was taken out and put in', () => {
    expect(compare('a warm lamp', 'a very warm light')).toEqual([
      { text: 'a ', kind: 'same' },
      { text: 'very ', kind: 'new' },
      { text: 'warm ', kind: 'same' },
      { text: 'lamp', kind: 'old' },
      { text: 'light', kind: 'new' },
    ]);
  });

  it('loses nothing', () => {
    const [before, after] = ['one two\n\nthree', 'zero two three four'];
    const pieces = compare(before, after);
    expect(pieces.filter(({ kind }) => kind !== 'new').map(({ text }) => text).join('')).toBe(before);
    expect(pieces.filter(({ kind }) => kind !== 'old').map(({ text }) => text).join('')).toBe(after);
  });
});

describe('server-sent events', () => {
  const read = async (...chunks: string[]) => {
    const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
    const found = [];
    for await (const event of events(new ReadableStream({ start: (to) => (bytes.forEach((one) => to.enqueue(one)), to.close()) }))) {
      found.push(event);
    }
    return found;
  };

  it('are put together from any pieces', async () => {
    expect(await read('event: token\nda', 'ta: {"text":"ü', '"}\n\n: beat\n\nevent: done\ndata: {}\n\n')).toEqual([
      { name: 'token', data: '{"text":"ü"}' },
      { name: 'done', data: '{}' },
    ]);
  });

  it('that were cut off do not count', async () => {
    expect(await read('data: whole\r\n\r\ndata: half')).toEqual([{ name: 'message', data: 'whole' }]);
  });
});

describe('an access token', () => {
  it('says when it ends', () => {
    const token = `x.${btoa(JSON.stringify({ exp: 1_000 }))}.y`;
    expect(secondsLeft(token, 990_000)).toBe(10);
    expect(secondsLeft('nonsense')).toBe(0);
  });
});

describe('the page after signing in', () => {
  it.each([
    ['/dashboard/review/?id=3', '/dashboard/review/?id=3'],
    ['//evil.example', '/dashboard/'],
    ['/\\evil.example', '/dashboard/'],
    ['https://evil.example', '/dashboard/'],
    ['javascript:alert(1)', '/dashboard/'],
    [null, '/dashboard/'],
  ])('%s leads to %s', (wish, page) => {
    expect(safeNext(wish)).toBe(page);
  });
});

describe('structured data', () => {
  it('cannot end its script element', () => {
    expect(inScript({ name: '</script><script>' })).not.toContain('<');
  });
});

describe('figures', () => {
  it('group waiting times', () => {
    const rows = [0, 4 * 3600 - 1, 4 * 3600, 100 * 3600].map((waiting_seconds) => ({ waiting_seconds }));
    expect(waitingGroups(rows)).toEqual([2, 1, 0, 1]);
  });

  it('count products by status', () => {
    expect(countStates([{ status: 'draft' }, { status: 'draft' }, { status: 'approved' }])).toMatchObject({ draft: 2, approved: 1, rejected: 0 });
  });

  it('count changes by day, also where nothing happened', () => {
    const now = new Date(2026, 10, 23, 12).getTime();
    const rows = [{ type: 'upsert' as const, occurred_at: new Date(2026, 10, 22, 8).toISOString() }];
    expect(perDay(rows, 3, now)).toEqual([
      { day: '2026-11-21', upserts: 0, deletes: 0 },
      { day: '2026-11-22', upserts: 1, deletes: 0 },
      { day: isoDay(now), upserts: 0, deletes: 0 },
    ]);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');

  it('are told from now', () => {
    expect(ago('2026-11-23T11:00:00Z', 'en', now)).toBe('1 hour ago');
    expect(ago('2026-11-23T11:59:50Z', 'en', now)).toBe('this minute');
    expect(waiting('2026-11-21T11:00:00Z', now)).toBe('2 d');
    expect(waiting('2026-11-23T11:15:00Z', now)).toBe('45 min');
  });
});

describe('a product’s drawing', () => {
  it('is always the same, and fits the category', () => {
    expect(artOf('lighting', 7)).toEqual(artOf('lighting', 7));
    expect(artOf('Garden tools', 1).motif).toBe('leaf');
    expect(artOf('', 1).motif).toBeTruthy();
  });
});

describe('the API’s messages', () => {
  it('become sentences', () => {
    expect(sentence('must not be negative')).toBe('Must not be negative.');
    expect(sentence('Done!')).toBe('Done!');
    expect(sentence('')).toBe('');
  });
});
