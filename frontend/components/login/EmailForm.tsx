'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import * as api from '@/lib/api';
import { texts } from '@/texts/login';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { filled, useFields } from './useFields';

/** The code that was mailed to the new address of an account. */
export function EmailForm() {
  const given = useSearchParams().get('email') ?? '';
  const [done, setDone] = useState(false);
  const { form, bind, submit, fault, busy } = useFields({ code: filled }, { code: given });
  const send = submit(async ({ code }) => {
    await api.confirmEmailChange(code.trim());
    setDone(true);
  });
  if (done) {
    return (
      <div className={styles.form}>
        <p role="status">{texts.emailChanged}</p>
        <Link href="/dashboard/" prefetch={false} className="button">
          {texts.goOn}
        </Link>
      </div>
    );
  }
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.resetCode} autoComplete="one-time-code" {...bind('code')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.confirmEmail}
      </button>
    </form>
  );
}
