'use client';

import type { ReactNode } from 'react';
import { noticeOf } from '@/lib/notices';
import { problemOf } from '@/lib/problems';
import { texts } from '@/texts/notice';
import styles from './Notice.module.css';

interface NoticeProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  tone?: 'plain' | 'bad';
  /** Level one where it is all that the page says. */
  heading?: 'h1' | 'h2';
}

/** A place that is empty, or failed, says so and offers the next step. */
export function Notice({ title, children, action, tone = 'plain', heading: Heading = 'h2' }: NoticeProps) {
  return (
    <div className={styles.notice} role={tone === 'bad' ? 'alert' : 'status'}>
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" className={tone === 'bad' ? styles.bad : ''}>
        <circle cx="24" cy="24" r="20" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="4 6" />
        {tone === 'bad' ? (
          <path d="M24 14v13M24 33v.5" stroke="currentColor" strokeWidth="3.5" strokeLinecap="round" />
        ) : (
          <path d="M16 24h16" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
        )}
      </svg>
      <Heading>{title}</Heading>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** A failed call in words, with a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemOf(error);
  const known = noticeOf(problem);
  return (
    <Notice
      tone="bad"
      title={known?.title ?? texts.refused}
      action={
        retry && (
          <button type="button" className="button quiet" onClick={retry}>
            {texts.retry}
          </button>
        )
      }
    >
      {known?.text ?? problem.message}
      {problem.requestId && <small className={styles.id}>{texts.reference(problem.requestId)}</small>}
    </Notice>
  );
}
