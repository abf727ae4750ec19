import type { Metadata } from 'next';
import { Suspense } from 'react';
import { LogPage } from '@/components/people/LogPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.log };

export default function Page() {
  return (
    <Suspense>
      <LogPage />
    </Suspense>
  );
}
