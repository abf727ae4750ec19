import { describe, expect, it, vi } from 'vitest';
import { productNumber } from '@/lib/address';
import { blocksOf } from '@/lib/answer';
import { nextCursor } from '@/lib/api';
import { artOf } from '@/lib/art';
import { readAsked, writeAsked } from '@/lib/catalogue';
import { deviceName } from '@/lib/device';
import { compare } from '@/lib/diff';
import { newId } from '@/lib/id';
import { lastDays, usagePerDay } from '@/lib/insights';
import { secondsLeft } from '@/lib/session';
import { events } from '@/lib/sse';
import { ago, duration, shortDay, waiting } from '@/lib/time';
import { countWords, shortened } from '@/lib/words';
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

  it('are shortened by whole signs, and only where they are many', () => {
    expect(shortened('Heron', 5)).toBe('Heron');
    expect(shortened('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2)).toBe('👩‍👩‍👧‍👦…');
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
  const now = Date.parse('2026-11-23T12:00:00Z');

  it('are of the last days, today last', () => {
    expect(lastDays(3, now)).toEqual(['2026-11-21', '2026-11-22', '2026-11-23']);
  });

  it('count questions by day and by what answered, over all businesses', () => {
    const rows = [
      { day: '2026-11-22', mode: 'builtin', messages: 2 },
      { day: '2026-11-22', mode: 'builtin', messages: 3 },
      { day: '2026-11-23', mode: 'model', messages: 1 },
      { day: '2026-10-01', mode: 'model', messages: 9 },
    ];
    expect(usagePerDay(rows, lastDays(2, now))).toEqual([
      { day: '2026-11-22', builtin: 5, model: 0 },
      { day: '2026-11-23', builtin: 0, model: 1 },
    ]);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');

  it('are told from now', () => {
    expect(ago('2026-11-23T11:00:00Z', 'en', now)).toBe('1 hour ago');
    expect(ago('2026-11-23T11:59:50Z', 'en', now)).toBe('this minute');
    expect(waiting('2026-11-21T11:00:00Z', 'en', now)).toBe('2 days');
    expect(waiting('2026-11-23T11:15:00Z', 'en', now)).toBe('45 min');
  });

  it.each([
    [-5, 'en', '0 sec'],
    [59.9, 'en', '59 sec'],
    [60, 'en', '1 min'],
    [3599, 'en', '59 min'],
    [3600, 'en', '1 hr'],
    [47 * 3600, 'en', '47 hr'],
    [48 * 3600, 'en', '2 days'],
    [48 * 3600, 'de', '2 Tg.'],
  ])('%i seconds in %s are %s', (seconds, locale, said) => {
    expect(duration(seconds, locale)).toBe(said);
  });

  it('name a day whatever the reader’s zone', () => {
    expect(shortDay('2026-11-03', 'en-GB')).toBe('3 Nov');
  });
});

describe('a device', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', 'Chrome, Linux'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0', 'Edge, Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari, iOS'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, macOS'],
    ['python-requests/2.34.2', 'python-requests'],
    ['', ''],
  ])('%s is %s', (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});

describe('an answer', () => {
  it('is paragraphs and lists', () => {
    expect(blocksOf('I found 2:\n- a lamp\n- a chair\n\nAsk on.\nPlease.')).toEqual([
      { list: false, lines: ['I found 2:'] },
      { list: true, lines: ['a lamp', 'a chair'] },
      { list: false, lines: ['Ask on.', 'Please.'] },
    ]);
    expect(blocksOf('')).toEqual([]);
    expect(blocksOf('-5 degrees')).toEqual([{ list: false, lines: ['-5 degrees'] }]);
  });
});

describe('a product that an operator was told of', () => {
  it.each([
    ['12', 12],
    [' https://shop.example/product/?id=12 ', 12],
    ['https://shop.example/product/?from=a&id=12#top', 12],
    ['/product?id=7', 7],
    ['https://shop.example/product/?id=12x', null],
    ['0', null],
    ['lamp', null],
    ['https://shop.example/?id=12', null],
    ['', null],
  ])('%s is number %s', (text, id) => {
    expect(productNumber(text)).toBe(id);
  });
});

describe('a new name', () => {
  it('is made where the browser has no randomUUID, too', () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const names = [newId(), newId()];
    vi.unstubAllGlobals();
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(names[0]).not.toBe(names[1]);
  });
});

describe('a product’s drawing', () => {
  it('is always the same, and fits the category', () => {
    expect(artOf('lighting', 7)).toEqual(artOf('lighting', 7));
    expect(artOf('Garden tools', 1).motif).toBe('leaf');
    expect(artOf('', 1).motif).toBeTruthy();
  });
});
