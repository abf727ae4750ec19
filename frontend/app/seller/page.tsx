import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SellerView } from '@/components/shop/SellerView';
import { Shell } from '@/components/site/Shell';
import { texts } from '@/texts/shop';

export const metadata: Metadata = { title: texts.business };

export default function Page() {
  return (
    <Shell>
      <Suspense fallback={<div className="wrap skeleton" style={{ height: '24rem', marginTop: '2rem' }} />}>
        <SellerView />
      </Suspense>
    </Shell>
  );
}
