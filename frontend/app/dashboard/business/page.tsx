import { Suspense } from 'react';
import { BusinessPage } from '@/components/business/BusinessPage';

export default function Page() {
  return (
    <Suspense>
      <BusinessPage />
    </Suspense>
  );
}
