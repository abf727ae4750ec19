import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ReviewPage } from '@/components/review/ReviewPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.review };

export default function Page() {
  return (
    <Suspense>
      <ReviewPage />
    </Suspense>
  );
}
