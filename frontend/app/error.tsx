'use client';

import { Notice } from '@/components/ui/Notice';
import { texts } from '@/texts/notice';

/** In place of a page whose script failed. */
export default function Broken() {
  return (
    <main id="content" tabIndex={-1}>
      <Notice
        heading="h1"
        tone="bad"
        title={texts.broken.title}
        action={
          <button type="button" className="button" onClick={() => location.reload()}>
            {texts.broken.action}
          </button>
        }
      >
        {texts.broken.text}
      </Notice>
    </main>
  );
}
