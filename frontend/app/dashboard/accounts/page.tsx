import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AccountsPage } from '@/components/accounts/AccountsPage';
import { texts } from '@/texts/dashboard';

export const metadata: Metadata = { title: texts.nav.accounts };

export default function Page() {
  return (
    <Suspense>
      <AccountsPage />
    </Suspense>
  );
}
