import { Suspense } from 'react';
import { ReviewPage } from '@/components/review/ReviewPage';

export default function Page() {
  return (
    <Suspense>
      <ReviewPage />
    </Suspense>
  );
}
