'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import * as api from '@/lib/api';
import { texts } from '@/texts/login';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { filled, long, mail, useFields } from './useFields';

/** Asks for the message, or, with the code that the message brought, for the new password. */
export function ResetForm() {
  const token = useSearchParams().get('token');
  return token ? <Choose token={token} /> : <Ask />;
}

function Ask() {
  const [sent, setSent] = useState(false);
  const { form, bind, submit, fault, busy } = useFields({ email: mail });
  const send = submit(async ({ email }) => {
    await api.askPasswordReset(email.trim());
    setSent(true);
  });
  if (sent) return <p role="status">{texts.resetSent}</p>;
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.email} type="email" autoComplete="email" {...bind('email')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.send}
      </button>
    </form>
  );
}

function Choose({ token }: { token: string }) {
  const [done, setDone] = useState(false);
  const { form, bind, submit, fault, busy } = useFields({ token: filled, password: long }, { token });
  const send = submit(async ({ token: code, password }) => {
    await api.resetPassword(code, password);
    setDone(true);
  });
  if (done) {
    return (
      <div className={styles.form}>
        <p role="status">{texts.chosen}</p>
        <Link href="/login/" prefetch={false} className="button">
          {texts.signIn}
        </Link>
      </div>
    );
  }
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.newPassword} type="password" autoComplete="new-password" hint={texts.passwordHint} {...bind('password')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.save}
      </button>
    </form>
  );
}
