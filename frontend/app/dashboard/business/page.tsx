import type { Metadata } from 'next';
import { Suspense } from 'react';
import { BusinessPage } from '@/components/business/BusinessPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.business };

export default function Page() {
  return (
    <Suspense>
      <BusinessPage />
    </Suspense>
  );
}
