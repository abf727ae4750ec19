import { Suspense } from 'react';
import { LogPage } from '@/components/people/LogPage';

export default function Page() {
  return (
    <Suspense>
      <LogPage />
    </Suspense>
  );
}
