import { Suspense } from 'react';
import { AccountsPage } from '@/components/accounts/AccountsPage';

export default function Page() {
  return (
    <Suspense>
      <AccountsPage />
    </Suspense>
  );
}
