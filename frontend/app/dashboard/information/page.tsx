import type { Metadata } from 'next';
import { Suspense } from 'react';
import { InformationPage } from '@/components/information/InformationPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.information };

export default function Page() {
  return (
    <Suspense>
      <InformationPage />
    </Suspense>
  );
}
