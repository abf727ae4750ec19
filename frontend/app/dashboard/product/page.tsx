import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ProductPage } from '@/components/products/ProductPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.products.one };

export default function Page() {
  return (
    <Suspense>
      <ProductPage />
    </Suspense>
  );
}
