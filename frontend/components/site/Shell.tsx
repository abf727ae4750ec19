import type { ReactNode } from 'react';
import { ChatButton } from '@/components/chat/ChatButton';
import { Footer } from './Footer';
import { Header } from './Header';

/** The frame of the public pages. */
export function Shell({ children, chat = true }: { children: ReactNode; chat?: boolean }) {
  return (
    <>
      <Header />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Footer />
      {chat && <ChatButton />}
    </>
  );
}
