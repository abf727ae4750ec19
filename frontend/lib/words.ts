export const MOST_WORDS = 100;

/** Words as the API counts them: what stands between white space. */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter(Boolean).length;
}

/** The beginning of a long text, whole signs of it, so that what stands around it is read, too. */
export function shortened(text: string, most = 60): string {
  const signs = [...new Intl.Segmenter().segment(text)];
  return signs.length > most ? `${signs.slice(0, most - 1).map(({ segment }) => segment).join('')}…` : text;
}
