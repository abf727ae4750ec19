'use client';

import Link from 'next/link';
import * as api from '@/lib/api';
import { texts } from '@/texts/login';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { filled, useFields } from './useFields';

export function SignInForm({ onSignedIn, username = '' }: { onSignedIn: () => void; username?: string }) {
  const { form, bind, submit, fault, busy } = useFields({ username: filled, password: filled }, { username });
  const send = submit(async (values) => {
    await api.login(values.username.trim(), values.password);
    onSignedIn();
  });
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.usernameOrEmail} autoComplete="username" {...bind('username')} />
      <Field label={texts.password} type="password" autoComplete="current-password" {...bind('password')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.signIn}
      </button>
      <Link href="/login/?view=reset" prefetch={false} className={styles.aside}>
        {texts.forgot}
      </Link>
    </form>
  );
}
