import { describe, expect, it } from 'vitest';
import { isolated, isolatedIn } from '@/lib/bidi';

const plain = (text: string) => text.replaceAll('\u2068', '[').replaceAll('\u2069', ']');

describe('names of another direction', () => {
  it('are one piece of their sentence', () => {
    expect(plain(isolated('כיסא'))).toBe('[כיסא]');
  });

  it('are found in a text, the longer one first, whatever signs are in them', () => {
    const said = isolatedIn('כיסא (24) costs 5, כיסא costs 4.', ['כיסא', 'כיסא (24)']);

    expect(plain(said)).toBe('[כיסא (24)] costs 5, [כיסא] costs 4.');
  });

  it('leave a text alone that runs one way', () => {
    expect(isolatedIn('The chair costs 5.', ['chair'])).toBe('The chair costs 5.');
  });
});
