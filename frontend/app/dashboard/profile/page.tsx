import { Suspense } from 'react';
import { ProfilePage } from '@/components/people/ProfilePage';

export default function Page() {
  return (
    <Suspense>
      <ProfilePage />
    </Suspense>
  );
}
