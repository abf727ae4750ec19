import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ProfilePage } from '@/components/people/ProfilePage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.profile.title };

export default function Page() {
  return (
    <Suspense>
      <ProfilePage />
    </Suspense>
  );
}
