/** Languages that a business may write in, by their codes (ISO 639). */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'sv', 'da', 'nb', 'fi', 'cs', 'el', 'tr', 'uk', 'ar', 'he', 'ja', 'ko', 'zh'];

/** A language's name in the reader's language. */
export function languageName(code: string, locale?: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Of things in several languages the one that a reader knows best, else the first. */
export function bestOf<Item extends { language: string }>(items: Item[], wished: readonly string[] = navigator.languages): Item | undefined {
  const codes = wished.map((locale) => locale.split('-')[0]!.toLowerCase());
  return codes.map((code) => items.find(({ language }) => language === code)).find(Boolean) ?? items[0];
}
