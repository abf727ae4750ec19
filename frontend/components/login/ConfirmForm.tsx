'use client';

import { useSearchParams } from 'next/navigation';
import * as api from '@/lib/api';
import { texts } from '@/texts/login';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { filled, useFields } from './useFields';

/** The code that was mailed to whoever registered. */
export function ConfirmForm({ onSignedIn }: { onSignedIn: () => void }) {
  const given = useSearchParams().get('registration') ?? '';
  const { form, bind, submit, fault, busy } = useFields({ code: filled }, { code: given });
  const send = submit(async ({ code }) => {
    await api.confirmRegistration(code.trim());
    onSignedIn();
  });
  return (
    <form ref={form} onSubmit={send} noValidate className={styles.form}>
      <Fault text={fault} />
      <Field label={texts.resetCode} autoComplete="one-time-code" {...bind('code')} />
      <button type="submit" className="button" disabled={busy}>
        {texts.confirmed}
      </button>
    </form>
  );
}
