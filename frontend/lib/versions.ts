import { money } from './money';
import type { Revision } from './types';

export interface Change {
  /** A field's name, or `attributes.…` of a detail. */
  field: string;
  before: string;
  after: string;
}

type Content = Pick<Revision, 'name' | 'price' | 'currency' | 'category' | 'sku' | 'description' | 'attributes'>;

/** What a version says, by the names of what can change. */
function contentOf({ name, price, currency, category, sku, description, attributes }: Content): Record<string, string> {
  const details = Object.entries(attributes).map(([key, value]) => [`attributes.${key}`, value]);
  return { name, price: money(price, currency), category, sku: sku ?? '', description, ...Object.fromEntries(details) };
}

/** What differs between two versions, field by field; all of a first one. */
export function changesBetween(from: Content | null, to: Content): Change[] {
  const [before, after] = [from ? contentOf(from) : {}, contentOf(to)];
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .map((field) => ({ field, before: before[field] ?? '', after: after[field] ?? '' }))
    .filter((change) => change.before !== change.after);
}
