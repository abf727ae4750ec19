'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import * as api from '@/lib/api';
import { own } from '@/lib/own';
import { texts } from '@/texts/login';
import { Fault, Field } from './Field';
import styles from './Login.module.css';
import { any, filled, long, useFields } from './useFields';

/** A code has so many characters at least: fewer are not looked up. */
const CODE_LENGTH = 32;

/** Who invites, and as what: whoever accepts knows before. */
function Invited({ code }: { code: string }) {
  const found = useQuery({
    queryKey: ['invitation', code.trim()],
    queryFn: ({ signal }) => api.previewInvitation(code.trim(), signal),
    enabled: code.trim().length >= CODE_LENGTH,
    retry: false,
    gcTime: 0,
  }).data;
  return (
    <p role="status" className={found ? styles.invited : 'visually-hidden'}>
      {found && (
        <>
          <strong>{texts.invited(found.business_name, own(texts.roles, found.role) ?? found.role)}</strong> {texts.invitedAs(found.email)}
        </>
      )}
    </p>
  );
}

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
      <Invited code={bind('code').value} />
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
