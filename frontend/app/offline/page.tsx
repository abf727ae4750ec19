import type { Metadata } from 'next';
import { Header } from '@/components/site/Header';
import { WhileOffline } from '@/components/site/WhileOffline';
import { texts } from '@/texts/notice';

export const metadata: Metadata = { title: texts.offline.title, robots: 'noindex' };

/** What the service worker shows in place of a page that cannot be fetched. */
export default function Page() {
  return (
    <>
      <Header />
      <main id="content" tabIndex={-1}>
        <WhileOffline />
      </main>
    </>
  );
}
