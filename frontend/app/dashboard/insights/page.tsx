import type { Metadata } from 'next';
import { Suspense } from 'react';
import { InsightsPage } from '@/components/insights/InsightsPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.insights };

export default function Page() {
  return (
    <Suspense>
      <InsightsPage />
    </Suspense>
  );
}
