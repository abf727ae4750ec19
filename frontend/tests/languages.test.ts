import { describe, expect, it } from 'vitest';
import { bestOf, languageName } from '@/lib/languages';

describe('of several languages', () => {
  const items = [{ language: 'en' }, { language: 'de' }];

  it('a reader gets the one that they know best, else the first', () => {
    expect(bestOf(items, ['fr-FR', 'de-AT', 'en'])).toBe(items[1]);
    expect(bestOf(items, ['fr'])).toBe(items[0]);
    expect(bestOf([], ['fr'])).toBeUndefined();
  });

  it('each is named in the reader’s own', () => {
    expect(languageName('de', 'en')).toBe('German');
    expect(languageName('not a code', 'en')).toBe('not a code');
  });
});
