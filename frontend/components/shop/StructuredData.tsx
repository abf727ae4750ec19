import type { Listing } from '@/lib/types';

/** The product as schema.org tells it to search engines: data, which a content security policy does not concern. */
export function StructuredData({ product }: { product: Listing }) {
  const absolute = (path: string) => (typeof location === 'undefined' ? undefined : new URL(path, location.origin).href);
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.name,
    description: product.description,
    sku: product.sku ?? undefined,
    category: product.category || undefined,
    image: product.picture ? absolute(product.picture) : undefined,
    brand: { '@type': 'Brand', name: product.business_name },
    offers: {
      '@type': 'Offer',
      price: product.price,
      priceCurrency: product.currency,
      seller: { '@type': 'Organization', name: product.business_name },
      url: absolute(`/product/?id=${product.id}`),
    },
  };
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: inScript(data) }} />;
}

/** JSON that cannot end the script element that it stands in, whatever a product is called. */
export function inScript(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
