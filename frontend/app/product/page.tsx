import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ProductSkeleton, ProductView } from '@/components/shop/ProductView';
import { Shell } from '@/components/site/Shell';

export const metadata: Metadata = { title: 'Product' };

export default function Page() {
  return (
    <Shell>
      <Suspense fallback={<ProductSkeleton />}>
        <ProductView />
      </Suspense>
    </Shell>
  );
}
