import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ChatPage } from '@/components/chat/ChatPage';
import { Header } from '@/components/site/Header';

export const metadata: Metadata = { title: 'Assistant' };

export default function Page() {
  return (
    <>
      <Header />
      <main id="content" tabIndex={-1}>
        <Suspense>
          <ChatPage />
        </Suspense>
      </main>
    </>
  );
}
