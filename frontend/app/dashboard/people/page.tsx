import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PeoplePage } from '@/components/people/PeoplePage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.people };

export default function Page() {
  return (
    <Suspense>
      <PeoplePage />
    </Suspense>
  );
}
