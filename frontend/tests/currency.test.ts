import { describe, expect, it } from 'vitest';
import { currencyOf, ownCurrency } from '@/lib/currency';

const offered = (...counts: [string, number][]) => counts.map(([currency, count]) => ({ currency, count, min_price: '1', max_price: '2' }));

describe('the currency of a shopper', () => {
  it.each([
    ['de-DE', 'EUR'],
    ['de', 'EUR'],
    ['de-CH', 'CHF'],
    ['en-GB', 'GBP'],
    ['en', 'USD'],
    ['ja', 'JPY'],
    ['zh-TW', undefined],
    ['no such locale', undefined],
  ])('with %s is %s', (locale, currency) => {
    expect(currencyOf(locale)).toBe(currency);
  });

  it('is one that something is offered in', () => {
    expect(ownCurrency(offered(['EUR', 3], ['USD', 5]), ['sv-SE', 'de-AT'])).toBe('EUR');
    expect(ownCurrency(offered(['EUR', 3], ['USD', 5]), ['sv-SE'])).toBe('USD');
    expect(ownCurrency([], ['sv-SE'])).toBeUndefined();
  });
});
