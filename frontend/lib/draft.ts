import { z } from 'zod/mini';
import { type PriceFault, places, priceFault, tidyPrice } from './money';
import type { Product, ProductWish } from './types';
import { countWords, MOST_WORDS } from './words';

/** A product as a form holds it: everything is text. */
export interface Draft {
  name: string;
  sku: string;
  category: string;
  price: string;
  currency: string;
  description: string;
  attributes: { key: string; name: string; value: string }[];
}

export interface Wording {
  required: string;
  long: (most: number) => string;
  tooManyWords: (count: number) => string;
  twice: string;
  price_faults: Record<Exclude<PriceFault, 'places'>, string> & { places: (currency: string, places: number) => string };
}

/** The API's rules for a product, with the words for what is wrong. */
export function rules(say: Wording) {
  const line = (most: number) => z.string().check(z.maxLength(most, say.long(most)));
  const attribute = z.object({ key: z.string(), name: line(64), value: line(500) });
  return z
    .object({
      name: line(255).check(z.refine((text) => text.trim() !== '', say.required)),
      sku: line(64),
      category: line(64),
      price: z.string(),
      currency: z.string(),
      description: line(4000).check(
        z.refine((text) => countWords(text) <= MOST_WORDS, { error: (issue) => say.tooManyWords(countWords(String(issue.input))) }),
      ),
      attributes: z.array(attribute),
    })
    .check((given) => {
      const { price, currency, attributes } = given.value;
      const fault = priceFault(tidyPrice(price), currency);
      if (fault) {
        const said = fault === 'places' ? say.price_faults.places(currency, places(currency)) : say.price_faults[fault];
        given.issues.push({ code: 'custom', message: said, path: ['price'], input: price });
      }
      attributes.forEach(({ name, value }, at) => {
        const earlier = attributes.slice(0, at).some((other) => other.name.trim() === name.trim());
        const said = !name.trim() && value.trim() ? say.required : earlier && name.trim() ? say.twice : '';
        if (said) given.issues.push({ code: 'custom', message: said, path: ['attributes', at, 'name'], input: name });
      });
    });
}

export function draftOf(product: Product | null, currency = 'EUR'): Draft {
  return {
    name: product?.name ?? '',
    sku: product?.sku ?? '',
    category: product?.category ?? '',
    price: product?.price ?? '',
    currency: product?.currency ?? currency,
    description: product?.description ?? '',
    attributes: Object.entries(product?.attributes ?? {}).map(([name, value]) => ({ key: name, name, value })),
  };
}

/** What the API is asked for. */
export function wishOf(draft: Draft): Required<ProductWish> {
  const named = draft.attributes.filter(({ name }) => name.trim());
  return {
    name: draft.name.trim(),
    sku: draft.sku.trim() || null,
    category: draft.category.trim(),
    price: tidyPrice(draft.price),
    currency: draft.currency,
    description: draft.description,
    attributes: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
  };
}

/** Only what differs from the product: two people who change different fields do not meet. */
export function changesOf(draft: Draft, product: Product): ProductWish {
  const wish = wishOf(draft);
  const before = wishOf(draftOf(product));
  const changed = Object.entries(wish).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
  );
  return Object.fromEntries(changed) as ProductWish;
}
