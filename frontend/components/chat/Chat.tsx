'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import * as api from '@/lib/api';
import { toldOf } from '@/lib/notices';
import { problemOf } from '@/lib/problems';
import type { Statement } from '@/lib/statements';
import type { Turn } from '@/lib/types';
import { texts } from '@/texts/chat';
import styles from './Chat.module.css';
import { ModeNote } from './ModeNote';
import { Composer } from './Composer';
import { Said } from './Said';
import { Statements } from './Statements';

/** A question that is being answered. */
interface Open {
  question: string;
  statements: Statement[];
  progress: string;
  fault: string;
}

/** Up to here from the end somebody still reads the end. */
const NEAR_PX = 80;

interface Props {
  /** Turns of an earlier conversation that goes on here. */
  earlier?: Turn[];
  conversationId?: number;
  /** Asked at once. */
  first?: string;
  onTurn?: (turn: Turn) => void;
}

export function Chat({ earlier, conversationId, first, onTurn }: Props) {
  const [turns, setTurns] = useState<Turn[]>(earlier ?? []);
  const [open, setOpen] = useState<Open | null>(null);
  const conversation = useRef(conversationId);
  const stopper = useRef<AbortController | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const queries = useQueryClient();
  const busy = open !== null && !open.fault;

  const ask = async (question: string) => {
    stopper.current = new AbortController();
    setOpen({ question, statements: [], progress: '', fault: '' });
    try {
      const turn = await api.chat(
        { message: question, conversation_id: conversation.current },
        (part) => setOpen((now) => now && { ...now, ...part }),
        stopper.current.signal,
      );
      conversation.current = turn.conversation_id;
      setTurns((before) => [...before, turn]);
      setOpen(null);
      onTurn?.(turn);
      void queries.invalidateQueries({ queryKey: ['conversations'] });
    } catch (error) {
      const fault = stopper.current.signal.aborted ? texts.stopped : faultOf(error);
      setOpen((now) => now && { ...now, fault });
    }
  };

  const asked = useRef(false);
  useEffect(() => {
    if (!first || asked.current) return;
    asked.current = true;
    void ask(first);
  });
  useEffect(() => {
    follows.current = true;
  }, [turns.length, open?.question]);
  useEffect(() => {
    // Whoever scrolled up to read is left there.
    if (follows.current) list.current?.scrollTo({ top: list.current.scrollHeight, behavior: 'instant' });
  }, [turns.length, open?.question, open?.statements, open?.fault]);
  const note = () => {
    const { scrollTop, scrollHeight, clientHeight } = list.current!;
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
  };

  const mode = turns.at(-1)?.mode;
  return (
    <div className={styles.chat}>
      <div ref={list} onScroll={note} className={styles.turns} tabIndex={0} role="region" aria-label={texts.title}>
        {turns.length === 0 && !open && <Start onAsk={(question) => void ask(question)} />}
        {turns.map((turn, at) => (
          <Said key={turn.id} turn={turn} onAsk={at === turns.length - 1 && !open ? (question) => void ask(question) : undefined} />
        ))}
        {open && (
          <>
            <p className={`prose ${styles.question}`} dir="auto">
              <span className="visually-hidden">{texts.you}: </span>
              {open.question}
            </p>
            {open.statements.length > 0 && <Statements statements={open.statements} byModel={false} />}
            {busy && (
              <p className={styles.thinking} role="status">
                {open.progress.replace(/[.…]+$/, '') || texts.thinking}
                <span aria-hidden="true" />
              </p>
            )}
            {open.fault && (
              <p role="alert" className={styles.fault}>
                {open.fault}{' '}
                <button type="button" className="button plain" onClick={() => void ask(open.question)}>
                  {texts.again}
                </button>
              </p>
            )}
          </>
        )}
      </div>
      {/* Readers hear whole answers, not every word as it comes. */}
      <p className="visually-hidden" role="status">
        {turns.at(-1) && !busy ? `${texts.assistant}: ${turns.at(-1)!.ai_response}` : ''}
      </p>
      <div className={styles.notice}>
        <p>{texts.machine}</p>
        {mode && <ModeNote mode={mode} />}
      </div>
      <Composer busy={busy} onAsk={(question) => void ask(question)} onStop={() => stopper.current?.abort()} />
    </div>
  );
}

function Start({ onAsk }: { onAsk: (question: string) => void }) {
  return (
    <div className={styles.start}>
      <h2>{texts.title}</h2>
      <p>{texts.lead}</p>
      <ul>
        {texts.ideas.map((idea) => (
          <li key={idea}>
            <button type="button" onClick={() => onAsk(idea)}>
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function faultOf(error: unknown): string {
  const problem = problemOf(error);
  return problem.code === 'interrupted' ? texts.interrupted : toldOf(problem);
}
