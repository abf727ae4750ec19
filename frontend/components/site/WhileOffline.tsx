'use client';

import { useEffect } from 'react';
import { Notice } from '@/components/ui/Notice';
import { texts } from '@/texts/notice';

const again = () => location.reload();

/** Stands at the address that was asked for, and asks for it again as soon as there is a connection. */
export function WhileOffline() {
  useEffect(() => {
    addEventListener('online', again);
    return () => removeEventListener('online', again);
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
