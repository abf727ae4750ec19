'use client';

import { useState } from 'react';
import * as api from '@/lib/api';
import { texts } from '@/texts/login';
import { ConfirmForm } from './ConfirmForm';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { any, filled, long, mail, useFields } from './useFields';

export function RegisterForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { form, bind, submit, fault, busy } = useFields({
    business_name: filled,
    first_name: any,
    last_name: any,
    username: filled,
    email: mail,
    password: long,
  });
  const [mailedTo, setMailedTo] = useState('');
  const send = submit(async (values) => {
    if (await api.register(values)) onSignedIn();
    else setMailedTo(values.email.trim());
  });
  if (mailedTo) {
    return (
      <div className={styles.form}>
        <p role="status">{texts.checkMail(mailedTo)}</p>
        <ConfirmForm onSignedIn={onSignedIn} />
      </div>
    );
  }
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.businessName} autoComplete="organization" {...bind('business_name')} />
      <div className={styles.pair}>
        <Field label={texts.firstName} autoComplete="given-name" {...bind('first_name')} />
        <Field label={texts.lastName} autoComplete="family-name" {...bind('last_name')} />
      </div>
      <Field label={texts.username} autoComplete="username" {...bind('username')} />
      <Field label={texts.email} type="email" autoComplete="email" {...bind('email')} />
      <Field label={texts.password} type="password" autoComplete="new-password" hint={texts.passwordHint} {...bind('password')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.create}
      </button>
    </form>
  );
}
