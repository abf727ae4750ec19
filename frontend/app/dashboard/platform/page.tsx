import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PlatformPage } from '@/components/business/PlatformPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.platform };

export default function Page() {
  return (
    <Suspense>
      <PlatformPage />
    </Suspense>
  );
}
