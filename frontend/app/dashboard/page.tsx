import { Suspense } from 'react';
import { ProductsPage } from '@/components/products/ProductsPage';

export default function Page() {
  return (
    <Suspense>
      <ProductsPage />
    </Suspense>
  );
}
