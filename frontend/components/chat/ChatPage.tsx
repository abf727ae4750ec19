'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Failure } from '@/components/ui/Notice';
import { Question } from '@/components/ui/Question';
import * as api from '@/lib/api';
import { rowsOf, usePages } from '@/lib/pages';
import { useSession } from '@/lib/session';
import { ago } from '@/lib/time';
import { texts } from '@/texts/chat';
import { Chat } from './Chat';
import styles from './ChatPage.module.css';

export function ChatPage() {
  const first = useSearchParams().get('ask') ?? undefined;
  const session = useSession();
  const { user } = session;
  // Whoever cannot be asked for is a stranger for now: the assistant answers them, too.
  const known = session.status !== 'unknown' || session.fault !== undefined;
  const [chosen, setChosen] = useState<number | null>(null);
  /** Counts "new conversation", so that a new one begins even where none was chosen. */
  const [fresh, setFresh] = useState(0);
  const queries = useQueryClient();
  /** What is asked before it is done. */
  const [sure, setSure] = useState<{ title: string; text: string; act: () => void } | null>(null);
  const who = user?.id ?? 'anonymous';
  const list = usePages(['conversations', who], api.conversations, { enabled: known, placeholderData: undefined });
  const conversations = rowsOf(list);
  const read = useQuery({
    queryKey: ['conversation', who, chosen],
    queryFn: ({ signal }) => api.conversation(chosen!, signal),
    enabled: chosen !== null,
    staleTime: 0,
    gcTime: 0,
  });
  const begin = () => {
    setChosen(null);
    setFresh((before) => before + 1);
    if (location.search) history.replaceState(null, '', location.pathname);
  };
  const settled = () => queries.invalidateQueries({ queryKey: ['conversations'] });
  const remove = useMutation({
    mutationFn: api.deleteConversation,
    onSuccess: (_, id) => id === chosen && begin(),
    onSettled: settled,
  });
  const clear = useMutation({ mutationFn: api.clearChats, onSuccess: begin, onSettled: settled });
  return (
    <div className={`wrap ${styles.page}`}>
      <aside className={styles.side} aria-label={texts.list}>
        <button type="button" className="button" onClick={begin}>
          {texts.fresh}
        </button>
        <h2>{texts.list}</h2>
        {list.isSuccess && conversations.length === 0 && <p className={styles.none}>{texts.none}</p>}
        <ul className="rings-inside">
          {conversations.map(({ id, title, updated_at }) => (
            <li key={id} data-chosen={id === chosen || undefined}>
              <button type="button" className={styles.entry} aria-current={id === chosen || undefined} onClick={() => setChosen(id)}>
                <span dir="auto">{title || texts.untitled}</span>
                <small>{ago(updated_at)}</small>
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={texts.remove(title || texts.untitled)}
                onClick={() => setSure({ ...texts.removeSure, act: () => remove.mutate(id) })}
              >
                <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
                  <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
                </svg>
              </button>
            </li>
          ))}
          {list.hasNextPage && (
            <li>
              <button type="button" className={`button plain ${styles.more}`} aria-busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchNextPageError ? texts.moreFailed : texts.more}
              </button>
            </li>
          )}
        </ul>
        {conversations.length > 0 && (
          <button type="button" className="button plain" onClick={() => setSure({ ...texts.clearSure, act: () => clear.mutate() })}>
            {texts.clear}
          </button>
        )}
      </aside>
      <section className={styles.main}>
        <h1 className="visually-hidden">{texts.page}</h1>
        {!known || (chosen !== null && read.isPending) ? (
          <div className="skeleton" style={{ flex: 1, margin: '1rem' }} />
        ) : chosen !== null && read.isError ? (
          <Failure error={read.error} retry={() => void read.refetch()} />
        ) : (
          <Chat
            key={`${who}-${chosen ?? `new-${fresh}`}`}
            earlier={chosen === null ? undefined : read.data?.messages}
            conversationId={chosen ?? undefined}
            first={chosen === null && fresh === 0 ? first : undefined}
          />
        )}
      </section>
      {sure && <Question title={sure.title} text={sure.text} yes={texts.delete} no={texts.keep} onYes={sure.act} onClose={() => setSure(null)} />}
    </div>
  );
}
