import type { Metadata } from 'next';
import Link from 'next/link';
import { Shell } from '@/components/site/Shell';
import { Notice } from '@/components/ui/Notice';
import { texts } from '@/texts/notice';

export const metadata: Metadata = { title: texts.missing.title, robots: 'noindex' };

/**
 * What the gateway shows to browsers at an address where nothing is. Not the framework's `not-found`, which every page would
 * carry along.
 */
export default function Page() {
  return (
    <Shell>
      <Notice
        heading="h1"
        title={texts.missing.title}
        action={
          <Link href="/" prefetch={false} className="button">
            {texts.missing.action}
          </Link>
        }
      >
        {texts.missing.text}
      </Notice>
    </Shell>
  );
}
