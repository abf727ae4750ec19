export const MOST_WORDS = 100;

/** Words as the API counts them: what stands between white space. */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter(Boolean).length;
}
