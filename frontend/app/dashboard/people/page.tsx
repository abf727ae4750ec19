import { Suspense } from 'react';
import { PeoplePage } from '@/components/people/PeoplePage';

export default function Page() {
  return (
    <Suspense>
      <PeoplePage />
    </Suspense>
  );
}
