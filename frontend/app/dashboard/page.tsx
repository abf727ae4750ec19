import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ProductsPage } from '@/components/products/ProductsPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.products };

export default function Page() {
  return (
    <Suspense>
      <ProductsPage />
    </Suspense>
  );
}
