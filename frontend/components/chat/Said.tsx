'use client';

import { useState } from 'react';
import type { Turn } from '@/lib/types';
import { blocksOf } from '@/lib/answer';
import { isolatedIn } from '@/lib/bidi';
import { texts } from '@/texts/chat';
import styles from './Chat.module.css';
import { Sources } from './Sources';
import { Statements } from './Statements';

/** A question with its answer; an option of the last one can be chosen. */
export function Said({ turn, onAsk }: { turn: Turn; onAsk?: (question: string) => void }) {
  return (
    <>
      <p className={`prose ${styles.question}`} dir="auto">
        <span className="visually-hidden">{texts.you}: </span>
        {turn.user_message}
      </p>
      {turn.statements.length > 0 ? (
        <Statements statements={turn.statements} language={turn.language} byModel={turn.planned_by === 'model'} onAsk={onAsk} />
      ) : (
        <Answer text={isolatedIn(turn.ai_response, turn.products.flatMap((product) => [product.name, product.business_name]))} />
      )}
      <Sources products={turn.products} />
      <CopyButton text={turn.ai_response} />
    </>
  );
}

/** An answer of before there were statements, shown as text whatever is in it: paragraphs, "- " lists and **strong** words, never markup. */
export function Answer({ text }: { text: string }) {
  return (
    <div className={`prose ${styles.answer}`} dir="auto">
      <span className="visually-hidden">{texts.assistant}: </span>
      {blocksOf(text).map((block, at) =>
        block.list ? (
          <ul key={at}>
            {block.lines.map((line, number) => (
              <li key={number}>{strong(line)}</li>
            ))}
          </ul>
        ) : (
          <p key={at}>{strong(block.lines.join('\n'))}</p>
        ),
      )}
    </div>
  );
}

function strong(text: string) {
  return text.split(/\*\*([^*]+)\*\*/).map((part, at) => (at % 2 ? <strong key={at}>{part}</strong> : part));
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  // Browsers offer the clipboard on safe origins only.
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" className={styles.copy} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? texts.copied : texts.copy}</span>
    </button>
  );
}
