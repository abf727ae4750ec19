import { Suspense } from 'react';
import { ProductPage } from '@/components/products/ProductPage';

export default function Page() {
  return (
    <Suspense>
      <ProductPage />
    </Suspense>
  );
}
