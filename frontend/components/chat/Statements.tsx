'use client';

import Link from 'next/link';
import { Fragment } from 'react';
import { blocksOf } from '@/lib/answer';
import { linksOf, piecesOf, shopOf, type Linked, type Statement } from '@/lib/statements';
import { texts } from '@/texts/chat';
import styles from './Chat.module.css';

interface Props {
  statements: Statement[];
  language?: string;
  /** Whether a language model understood the question. */
  byModel: boolean;
  /** Sends what stands for an option; none are offered where it is left out. */
  onAsk?: (question: string) => void;
}

/** An answer, statement by statement, in the service's words; never markup, whatever is in it. */
export function Statements({ statements, language, byModel, onAsk }: Props) {
  const links = statements.flatMap(linksOf);
  const all = statements.map(wholeList).find(Boolean);
  const options = statements.at(-1)?.options ?? [];
  return (
    <div className={`prose ${styles.answer}`} lang={language} dir="auto" data-planned-by={byModel ? 'model' : 'parser'}>
      <span className="visually-hidden">{texts.assistant}: </span>
      {/* Lines of a list are statements of their own: together they are one list. */}
      {blocksOf(statements.map(({ text = '' }) => text.trimEnd()).join('\n')).map((block, at) =>
        block.list ? (
          <ul key={at}>
            {block.lines.map((line, number) => (
              <li key={number}>
                <Pieces text={line} links={links} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={at}>
            <Pieces text={block.lines.join('\n')} links={links} />
          </p>
        ),
      )}
      {all && (
        <p>
          <Link href={all.href} prefetch={false}>
            {texts.all(all.total)}
          </Link>
        </p>
      )}
      {onAsk && options.length > 0 && (
        <ul className={styles.options}>
          {options.map(({ label, message }) => (
            <li key={message}>
              <button type="button" onClick={() => onAsk(message)} dir="auto">
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
      {byModel && <p className={styles.planned}>{texts.plannedByModel}</p>}
    </div>
  );
}

/** Where a statement names some of what fits, the way to all of it. */
function wholeList({ kind, scope, total = 0, count, shown }: Statement): { href: string; total: number } | null {
  const named = shown ?? count ?? total;
  if (kind !== 'list' || !scope || total <= named) return null;
  const href = shopOf(scope.query);
  return href ? { href, total } : null;
}

function Pieces({ text, links }: { text: string; links: Linked[] }) {
  return piecesOf(text, links).map((piece, at) =>
    typeof piece === 'string' ? (
      <Fragment key={at}>{piece}</Fragment>
    ) : (
      <Link key={at} href={piece.href} prefetch={false} dir="auto">
        {piece.name}
      </Link>
    ),
  );
}
