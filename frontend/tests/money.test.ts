import { describe, expect, it } from 'vitest';
import { money, places, priceFault, tidyPrice } from '@/lib/money';

describe('money', () => {
  it('is shown in the reader’s manner with every digit', () => {
    expect(money('129.00', 'EUR', 'en')).toBe('€129.00');
    expect(money('48000', 'JPY', 'en')).toBe('¥48,000');
    expect(money('99999999.99', 'EUR', 'en')).toBe('€99,999,999.99');
    expect(money('1.005', 'KWD', 'en')).toContain('1.005');
  });

  it('is shown plainly in a currency that the browser does not know', () => {
    expect(money('5.00', 'nonsense', 'en')).toBe('5.00 nonsense');
  });

  it.each([
    ['19.90', 'EUR', null],
    ['0', 'EUR', null],
    ['48000', 'JPY', null],
    ['99999999.99', 'EUR', null],
    ['', 'EUR', 'empty'],
    ['-1', 'EUR', 'negative'],
    ['1e3', 'EUR', 'form'],
    ['007', 'EUR', 'form'],
    ['1,5', 'EUR', 'form'],
    ['abc', 'EUR', 'form'],
    ['100000000', 'EUR', 'too_large'],
    ['1.999', 'EUR', 'places'],
    ['1.5', 'JPY', 'places'],
  ])('%s %s is refused as the API does: %s', (price, currency, fault) => {
    expect(priceFault(price, currency)).toBe(fault);
  });

  it('knows the decimal places of currencies', () => {
    expect([places('EUR'), places('JPY'), places('KWD')]).toEqual([2, 0, 3]);
  });

  it.each([
    ['1.299,50', '1299.50'],
    ['1,299.50', '1299.50'],
    ['12,5', '12.5'],
    [' 1 299.50 ', '1299.50'],
    ['12.50', '12.50'],
    ['1.299', '1.299'],
    ['1,299', '1,299'],
    ['1,2,3', '1,2,3'],
  ])('%s is understood as %s', (typed, meant) => {
    expect(tidyPrice(typed)).toBe(meant);
  });
});
