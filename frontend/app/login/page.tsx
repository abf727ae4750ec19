import type { Metadata } from 'next';
import { Suspense } from 'react';
import { LoginPage } from '@/components/login/LoginPage';
import { Header } from '@/components/site/Header';

export const metadata: Metadata = { title: 'Sign in' };

export default function Page() {
  return (
    <>
      <Header />
      <main id="content" tabIndex={-1}>
        <Suspense>
          <LoginPage />
        </Suspense>
      </main>
    </>
  );
}
