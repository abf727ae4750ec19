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
  const code = useSearchParams().get('reset');
  return code ? <Choose given={code} /> : <Ask />;
}

function Ask() {
  const [sent, setSent] = useState(false);
  const { form, bind, submit, fault, busy } = useFields({ email: mail });
  const send = submit(async ({ email }) => {
    await api.askPasswordReset(email.trim());
    setSent(true);
  });
  if (sent) {
    return (
      <div className={styles.form}>
        <p role="status">{texts.resetSent}</p>
        <Choose />
      </div>
    );
  }
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

function Choose({ given = '' }: { given?: string }) {
  const [done, setDone] = useState(false);
  const { form, bind, submit, fault, busy } = useFields({ code: filled, password: long }, { code: given });
  const send = submit(async ({ code, password }) => {
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
      <Field label={texts.resetCode} autoComplete="one-time-code" {...bind('code')} />
      <Field label={texts.newPassword} type="password" autoComplete="new-password" hint={texts.passwordHint} {...bind('password')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.save}
      </button>
    </form>
  );
}
