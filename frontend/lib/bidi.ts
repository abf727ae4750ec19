/**
 * A name inside a sentence, whose letters may run the other way: without the marks (first strong isolate, pop) the
 * numbers and commas beside it would be drawn into its order.
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

const FROM_THE_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** A text in which each of the names is one piece of its own direction, where one of them has another. */
export function isolatedIn(text: string, names: string[]): string {
  const other = names.filter((name) => FROM_THE_RIGHT.test(name)).sort((one, two) => two.length - one.length);
  if (other.length === 0) return text;
  const any = other.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text.replace(new RegExp(any, 'gu'), isolated);
}
