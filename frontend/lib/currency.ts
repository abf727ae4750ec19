// Prices of different currencies have no order among each other: what orders or bounds them is asked within one.
import type { Facets } from './types';

const BY_CURRENCY: Record<string, string> = {
  EUR: 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK',
  GBP: 'GB IM JE GG',
  USD: 'US PR EC SV PA',
  CHF: 'CH LI',
  JPY: 'JP',
  SEK: 'SE',
  NOK: 'NO',
  DKK: 'DK FO GL',
  PLN: 'PL',
  CZK: 'CZ',
  CAD: 'CA',
  AUD: 'AU',
  KWD: 'KW',
};

/** The currency that is paid with where a locale is spoken; undefined where nobody knows. */
export function currencyOf(locale: string): string | undefined {
  try {
    const { region } = new Intl.Locale(locale).maximize();
    return Object.keys(BY_CURRENCY).find((currency) => region && BY_CURRENCY[currency]!.split(' ').includes(region));
  } catch {
    return undefined;
  }
}

/** Of the currencies that something is offered in, the shopper's own, else the one that most is offered in. */
export function ownCurrency(offered: Facets['currencies'], locales: readonly string[] = navigator.languages): string | undefined {
  const wished = locales.map(currencyOf).find((currency) => offered.some((one) => one.currency === currency));
  return wished ?? [...offered].sort((one, two) => two.count - one.count)[0]?.currency;
}
