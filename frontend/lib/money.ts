/** Money as the API takes it: a decimal string and an ISO 4217 code, never a float. */

export const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'CAD', 'AUD', 'KWD'];
const LIMIT = 99_999_999.99;
const PLAIN = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** Decimal places of a currency (ISO 4217), as this browser knows them. */
export function places(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** "129.00", "EUR" → "€129.00" in the reader's manner; digits are never rounded. */
export function money(price: string, currency: string, locale?: string): string {
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    // Takes decimal strings exactly (ECMA-402, 2023); the type definitions lag behind.
    return format.format(price as unknown as number);
  } catch {
    return `${price} ${currency}`;
  }
}

export type PriceFault = 'empty' | 'negative' | 'form' | 'too_large' | 'places';

/** What the API would refuse about a price; null when it is fine. */
export function priceFault(price: string, currency: string): PriceFault | null {
  const text = price.trim();
  if (!text) return 'empty';
  if (text.startsWith('-')) return 'negative';
  const found = PLAIN.exec(text);
  if (!found) return 'form';
  if (text.length > 32 || Number(text) > LIMIT) return 'too_large';
  if ((found[2] ?? '').length > places(currency)) return 'places';
  return null;
}

/**
 * What people type ("1.299,50", "1 299.5", "12,5") as the API's decimal string. What could be read in two ways
 * ("1.299", "1,299") stays as it is: a price is never guessed.
 */
export function tidyPrice(text: string): string {
  const bare = text.replace(/[\s\u00a0\u202f']/g, '');
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(bare)) return bare.replaceAll('.', '').replace(',', '.');
  if (/^\d{1,3}(,\d{3})+\.\d+$/.test(bare)) return bare.replaceAll(',', '');
  if (/^\d+,\d{1,2}$/.test(bare)) return bare.replace(',', '.');
  return bare;
}
