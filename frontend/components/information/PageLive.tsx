'use client';

import { useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import { named } from '@/lib/named';
import { firstOf } from '@/lib/pages';
import { instant } from '@/lib/time';
import type { InformationPage, PageRevision } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Information.module.css';

const say = texts.information;

/** What shoppers see of a page, and why the last submission came back. */
export function PageLive({ page }: { page: InformationPage }) {
  const revision = useRevision(page, page.live_version);
  const rejected = useRevision(page, page.status === 'rejected' ? page.version : null);
  return (
    <aside className={styles.live} aria-label={say.live}>
      {rejected && (
        <p className={styles.note} data-bad role="status">
          <strong>{texts.editor.rejected(named(rejected.decided_by_name, rejected.decided_by_username))}</strong> <span dir="auto">{rejected.comment}</span>
        </p>
      )}
      <h2>{say.live}</h2>
      {revision ? (
        <>
          <p className="prose" dir="auto" lang={page.language}>
            {revision.text}
          </p>
          <p className={styles.soft}>
            {texts.editor.approvedBy(named(revision.decided_by_name, revision.decided_by_username), instant(revision.decided_at ?? revision.created_at))}
          </p>
        </>
      ) : (
        page.live_version === null && <p className={styles.soft}>{say.notLive}</p>
      )}
    </aside>
  );
}

/** The version of that number; null while it is not here, or where there is none. */
function useRevision({ id }: InformationPage, version: number | null): PageRevision | null {
  const found = useQuery({
    queryKey: ['information', id, 'version', version],
    queryFn: () => firstOf((cursor) => api.pageRevisions(id, cursor), (one) => one.version === version),
    enabled: version !== null,
  });
  return (version !== null && found.data) || null;
}
