import { Suspense } from 'react';
import { PlatformPage } from '@/components/business/PlatformPage';

export default function Page() {
  return (
    <Suspense>
      <PlatformPage />
    </Suspense>
  );
}
