// What an answer of the assistant says, as far as the pages draw it; the service words it (`text`).

export interface Statement {
  kind: string;
  text?: string;
  product?: Named | null;
  products?: Named[];
  values?: { product: Named }[];
  scope?: { query?: Query };
  rows?: { name: string; query: Query }[];
  seller?: { id: number; name: string } | null;
  options?: { label: string; count?: number | null; message: string }[];
  /** How many fit, and how many of them are named. */
  total?: number;
  shown?: number;
  count?: number;
}

interface Named {
  id: number;
  name: string;
}

type Query = Record<string, unknown>;

export interface Linked {
  name: string;
  href: string;
}

const FILTERS = ['q', 'business', 'category', 'currency', 'min_price', 'max_price', 'ordering'];

/** The shop's page with what a query of the catalogue finds; null where it asks for something that the page has no filter for. */
export function shopOf(query: Query = {}): string | null {
  const asked = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (asked.length === 0 || asked.some(([name]) => !FILTERS.includes(name))) return null;
  return `/?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}`;
}

/** The names in a statement that lead somewhere. */
export function linksOf({ product, products = [], values = [], rows = [], seller }: Statement): Linked[] {
  const named = [...(product ? [product] : []), ...products, ...values.map((value) => value.product)];
  const listed = rows.flatMap(({ name, query }) => ({ name, href: shopOf(query) ?? '' })).filter(({ href }) => href);
  return [
    ...named.map(({ id, name }) => ({ name, href: `/product/?id=${id}` })),
    ...listed,
    ...(seller ? [{ name: seller.name, href: `/seller/?id=${seller.id}` }] : []),
  ];
}

/** A text in pieces: names that lead somewhere, each where it stands first, and what is between them. */
export function piecesOf(text: string, links: Linked[]): (string | Linked)[] {
  let pieces: (string | Linked)[] = [text];
  // Longer names first: one may be a part of another.
  for (const link of [...links].sort((one, two) => two.name.length - one.name.length)) {
    const at = pieces.findIndex((piece) => typeof piece === 'string' && link.name !== '' && piece.includes(link.name));
    if (at < 0) continue;
    const [before, ...after] = (pieces[at] as string).split(link.name);
    pieces = [...pieces.slice(0, at), before!, link, after.join(link.name), ...pieces.slice(at + 1)];
  }
  return pieces.filter((piece) => piece !== '');
}
