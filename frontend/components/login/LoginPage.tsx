'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { Seal } from '@/components/site/Seal';
import * as api from '@/lib/api';
import { useSession } from '@/lib/session';
import { texts } from '@/texts/login';
import { AcceptForm } from './AcceptForm';
import styles from './Login.module.css';
import { ConfirmForm } from './ConfirmForm';
import { EmailForm } from './EmailForm';
import { RegisterForm } from './RegisterForm';
import { ResetForm } from './ResetForm';
import { SignInForm } from './SignInForm';

const VIEWS = {
  'sign-in': { title: texts.signIn, lead: texts.signInLead, Form: SignInForm },
  register: { title: texts.register, lead: texts.registerLead, Form: RegisterForm },
  accept: { title: texts.accept, lead: texts.acceptLead, Form: AcceptForm },
  confirm: { title: texts.confirm, lead: texts.confirmLead, Form: ConfirmForm },
  email: { title: texts.newEmail, lead: texts.newEmailLead, Form: EmailForm },
  reset: { title: texts.reset, lead: texts.resetLead, Form: ResetForm },
};

type View = keyof typeof VIEWS;

const isView = (name: string): name is View => Object.hasOwn(VIEWS, name);

/** What a mailed link is for, by the name that its code has. */
const CODES: [name: string, view: View][] = [
  ['invitation', 'accept'],
  ['registration', 'confirm'],
  ['email', 'email'],
  ['reset', 'reset'],
];

const viewOfCode = (query: URLSearchParams): View => CODES.find(([name]) => query.get(name))?.[1] ?? 'sign-in';

/** Where to go after signing in: a page of ours, nothing else (RFC 9700 section 4.11). */
export function safeNext(wish: string | null): string {
  return wish && /^\/(?![/\\])[\w\-/?=&.%]*$/.test(wish) ? wish : '/dashboard/';
}

export function LoginPage() {
  const query = useSearchParams();
  const router = useRouter();
  const { status, user } = useSession();
  const wish = query.get('view') ?? viewOfCode(query);
  const view = isView(wish) ? wish : 'sign-in';
  const { title, lead, Form } = VIEWS[view];
  const next = safeNext(query.get('next'));
  useEffect(() => {
    document.title = `${title} · Vetted`;
  }, [title]);
  const settled = status === 'in' && (view === 'sign-in' || view === 'register');
  return (
    <div className={styles.page}>
      <section className={styles.panel}>
        <h1>{title}</h1>
        {query.get('expired') && status !== 'in' ? (
          <p role="status" className={styles.note}>
            {texts.expired}
          </p>
        ) : (
          <p className={styles.lead}>{lead}</p>
        )}
        {settled ? (
          <div className={styles.form}>
            <p>{texts.already(user.username)}</p>
            <Link href="/dashboard/" prefetch={false} className="button">
              {texts.goOn}
            </Link>
            <button type="button" className="button quiet" onClick={() => void api.logout()}>
              {texts.out}
            </button>
          </div>
        ) : (
          <Form onSignedIn={() => router.replace(next)} />
        )}
        <Elsewhere view={view} />
      </section>
      <aside className={styles.pitch}>
        <Seal size={72} />
        <h2>{texts.pitchTitle}</h2>
        <ol>
          {texts.pitch.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </aside>
    </div>
  );
}

function Elsewhere({ view }: { view: View }) {
  const links = [
    { view: 'sign-in', before: texts.haveAccount, text: texts.signIn },
    { view: 'register', before: texts.noAccount, text: texts.register },
    { view: 'accept', before: texts.haveInvitation, text: texts.accept },
  ].filter((link) => link.view !== view);
  return (
    <ul className={styles.elsewhere}>
      {links.map((link) => (
        <li key={link.view}>
          {link.before}{' '}
          <Link href={link.view === 'sign-in' ? '/login/' : `/login/?view=${link.view}`} prefetch={false}>
            {link.text}
          </Link>
        </li>
      ))}
    </ul>
  );
}
