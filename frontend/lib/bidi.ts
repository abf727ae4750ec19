/**
 * A name inside a sentence, whose letters may run the other way: without the marks (first strong isolate, pop) the
 * numbers and commas beside it would be drawn into its order.
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
