'use client';

import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { usePerson } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { useUnsaved } from '@/components/dashboard/useUnsaved';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { deviceName } from '@/lib/device';
import { problemOf } from '@/lib/problems';
import { session } from '@/lib/session';
import { ago } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import styles from './People.module.css';

const say = texts.profile;

export function ProfilePage() {
  return (
    <>
      <Title>{say.title}</Title>
      <SetUp />
      <Profile />
      <Email />
      <Password />
      <Sessions />
    </>
  );
}

function Profile() {
  const { user } = usePerson();
  const form = useForm({ initialValues: { first_name: user.first_name, last_name: user.last_name } });
  useUnsaved(form.isDirty());
  const save = useMutation({
    mutationFn: api.changeMe,
    onSuccess: (changed) => {
      session.changed(changed);
      form.resetDirty();
      tell(texts.common.saved);
    },
    onError: (error) => (problemOf(error).errors.length ? form.setErrors(problemOf(error).fields) : tellFailure(error)),
  });
  return (
    <form noValidate className={styles.form} onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <TextInput label={say.first} autoComplete="given-name" {...form.getInputProps('first_name')} />
      <TextInput label={say.last} autoComplete="family-name" {...form.getInputProps('last_name')} />
      <Group>
        <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
          {texts.common.save}
        </Button>
      </Group>
    </form>
  );
}

/** Whoever was given a password by somebody else is told, and how to have one of their own. */
function SetUp() {
  const { user } = usePerson();
  if (!user.set_up_by) return null;
  return (
    <p className={styles.note}>
      {say.setUp} <Link href="/login/?view=reset">{say.setUpAction}</Link>
    </p>
  );
}

/** Another address takes the password, and a code that is mailed to it. */
function Email() {
  const { user } = usePerson();
  const [asked, setAsked] = useState('');
  const form = useForm({ initialValues: { email: '', password: '', code: '' } });
  const onError = (error: unknown) => (problemOf(error).errors.length ? form.setErrors(problemOf(error).fields) : tellFailure(error));
  const send = useMutation({
    mutationFn: ({ email, password }: typeof form.values) => api.askEmailChange(email.trim(), password),
    onSuccess: (_, { email }) => setAsked(email.trim()),
    onError,
  });
  const confirm = useMutation({
    mutationFn: ({ code }: typeof form.values) => api.confirmEmailChange(code.trim()),
    onSuccess: () => {
      session.changed({ ...user, email: asked, email_confirmed: true });
      setAsked('');
      form.reset();
      tell(say.emailChanged);
    },
    onError,
  });
  return (
    <section className={styles.section}>
      <h2>{say.emailChange}</h2>
      <form noValidate className={styles.form} onSubmit={form.onSubmit((values) => (asked ? confirm : send).mutate(values))}>
        <p className={styles.soft} role="status">
          {asked ? say.emailSent(asked) : user.email_confirmed ? user.email : say.emailClaimed(user.email)}
        </p>
        {asked ? (
          <TextInput label={say.emailCode} autoComplete="one-time-code" {...form.getInputProps('code')} />
        ) : (
          <>
            <TextInput label={say.emailNew} type="email" autoComplete="email" {...form.getInputProps('email')} />
            <PasswordInput label={say.old} autoComplete="current-password" {...form.getInputProps('password')} />
          </>
        )}
        <Group>
          <Button type="submit" variant="default" loading={send.isPending || confirm.isPending}>
            {asked ? say.emailConfirm : say.emailSend}
          </Button>
          {asked && (
            <Button variant="subtle" color="gray" onClick={() => setAsked('')}>
              {texts.common.cancel}
            </Button>
          )}
        </Group>
      </form>
    </section>
  );
}

function Password() {
  const form = useForm({
    initialValues: { old_password: '', new_password: '' },
    validate: { new_password: (value) => (value.length < 10 ? say.hint : null) },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => api.changePassword(values.old_password, values.new_password),
    onSuccess: () => {
      form.reset();
      tell(say.changed);
    },
    onError: (error) => (problemOf(error).errors.length ? form.setErrors(problemOf(error).fields) : tellFailure(error)),
  });
  return (
    <section className={styles.section}>
      <h2>{say.password}</h2>
      <form noValidate className={styles.form} onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <PasswordInput label={say.old} autoComplete="current-password" {...form.getInputProps('old_password')} />
        <PasswordInput label={say.new} description={say.hint} autoComplete="new-password" {...form.getInputProps('new_password')} />
        <Group>
          <Button type="submit" variant="default" loading={save.isPending}>
            {say.password}
          </Button>
        </Group>
      </form>
    </section>
  );
}

function Sessions() {
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => api.sessions(signal) });
  const end = useMutation({
    mutationFn: api.endSession,
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <section className={styles.section}>
      <h2>{say.sessions}</h2>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      <ul className={styles.list}>
        {found.data?.map((one) => (
          <li key={one.id}>
            <span>
              <strong dir="auto">{deviceName(one.device) || one.address}</strong> {one.current && <small className={styles.soft}>({say.current})</small>}
              <br />
              <small className={styles.soft}>
                {one.address}, {say.lastUsed(ago(one.last_used_at))}
              </small>
            </span>
            {!one.current && (
              <Button size="compact-sm" variant="default" onClick={() => end.mutate(one.id)}>
                {say.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button mt="lg" variant="light" color="red" onClick={() => void api.logout(true).catch(() => undefined)}>
        {say.everywhere}
      </Button>
    </section>
  );
}
