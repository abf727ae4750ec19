import { Suspense } from 'react';
import { Catalogue } from '@/components/shop/Catalogue';
import { CatalogueFrame } from '@/components/shop/CatalogueFrame';
import { Shell } from '@/components/site/Shell';

export default function Page() {
  return (
    <Shell>
      <Suspense fallback={<CatalogueFrame />}>
        <Catalogue />
      </Suspense>
    </Shell>
  );
}
