'use client';

import { useEffect } from 'react';
import { answers } from '@/lib/api';
import { Notice } from '@/components/ui/Notice';
import { texts } from '@/texts/notice';

const again = () => location.reload();

/** How often the page is asked for: a connection may come back without the browser's noticing. */
const EVERY_MS = 5_000;

const look = () => answers(location.href).then(again, () => undefined);

/** Stands at the address that was asked for, and asks for it again as soon as there is a connection. */
export function WhileOffline() {
  useEffect(() => {
    // At its own address it stands in for nothing that could come.
    if (location.pathname === '/offline/') return;
    // It may have come back while this page was on its way.
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    addEventListener('online', again);
    return () => {
      clearInterval(timer);
      removeEventListener('online', again);
    };
  }, []);
  return (
    <Notice
      heading="h1"
      title={texts.offline.title}
      action={
        <button type="button" className="button quiet" onClick={again}>
          {texts.retry}
        </button>
      }
    >
      {texts.offline.text}
    </Notice>
  );
}
