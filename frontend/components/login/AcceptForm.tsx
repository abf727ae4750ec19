'use client';

import { useSearchParams } from 'next/navigation';
import * as api from '@/lib/api';
import { texts } from '@/texts/login';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { any, filled, long, useFields } from './useFields';

export function AcceptForm({ onSignedIn }: { onSignedIn: () => void }) {
  const given = useSearchParams().get('invitation') ?? '';
  const { form, bind, submit, fault, busy } = useFields(
    { code: filled, first_name: any, last_name: any, username: filled, password: long },
    { code: given },
  );
  const send = submit(async (values) => {
    await api.acceptInvitation(values);
    onSignedIn();
  });
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.code} autoComplete="off" {...bind('code')} />
      <div className={styles.pair}>
        <Field label={texts.firstName} autoComplete="given-name" {...bind('first_name')} />
        <Field label={texts.lastName} autoComplete="family-name" {...bind('last_name')} />
      </div>
      <Field label={texts.username} autoComplete="username" {...bind('username')} />
      <Field label={texts.password} type="password" autoComplete="new-password" hint={texts.passwordHint} {...bind('password')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.join}
      </button>
    </form>
  );
}
