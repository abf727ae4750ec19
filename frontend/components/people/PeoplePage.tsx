'use client';

import { ActionIcon, Button, CopyButton, Modal, NativeSelect, Radio, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTrash, IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import stack from '@/components/dashboard/Stack.module.css';
import { Title } from '@/components/dashboard/Title';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { problemOf } from '@/lib/problems';
import { day } from '@/lib/time';
import type { InvitationMade, Role, User, UserWish } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './People.module.css';

const say = texts.people;
const ROLES = Object.keys(say.roles) as Role[];

export function PeoplePage() {
  const [inviting, setInviting] = useState(false);
  return (
    <Allowed to="user:manage">
      <Title
        actions={
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => setInviting(true)}>
            {say.invite}
          </Button>
        }
      >
        {say.title}
      </Title>
      <Users />
      <Invitations />
      <Modal opened={inviting} onClose={() => setInviting(false)} title={say.invite}>
        <Invite />
      </Modal>
    </Allowed>
  );
}

function Users() {
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => api.users(null, signal) });
  const settled = () => queries.invalidateQueries({ queryKey: ['users'] });
  const change = useMutation({
    mutationFn: ({ id, ...wish }: UserWish & { id: number }) => api.changeUser(id, wish),
    onSuccess: () => void tell(texts.common.saved),
    onError: tellFailure,
    onSettled: settled,
  });
  const remove = useMutation({ mutationFn: api.deleteUser, onError: tellFailure, onSettled: settled });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" style={{ height: '16rem' }} />;
  return (
    <Table className={stack.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{say.columns.name}</Table.Th>
          <Table.Th>{say.columns.email}</Table.Th>
          <Table.Th>{say.columns.role}</Table.Th>
          <Table.Th>{say.columns.active}</Table.Th>
          <Table.Th>
            <span className="visually-hidden">{say.columns.actions}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {found.data.items.map((person) => (
          <Row
            key={person.id}
            person={person}
            onChange={(wish) => change.mutate({ id: person.id, ...wish })}
            onRemove={() => remove.mutate(person.id)}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ person, onChange, onRemove }: { person: User; onChange: (wish: UserWish) => void; onRemove: () => void }) {
  const { user } = usePerson();
  const name = [person.first_name, person.last_name].filter(Boolean).join(' ') || person.username;
  const me = person.id === user.id;
  const askRemove = () =>
    modals.openConfirmModal({
      title: say.remove(name),
      children: say.removeSure(name),
      labels: { confirm: texts.common.delete, cancel: texts.common.cancel },
      confirmProps: { color: 'red' },
      onConfirm: onRemove,
    });
  return (
    <Table.Tr>
      <Table.Td data-wide>
        <strong dir="auto">{name}</strong> {me && <small className={styles.soft}>({say.you})</small>}
        <br />
        <small className={styles.soft}>{person.username}</small>
      </Table.Td>
      <Table.Td data-wide className={styles.mail}>{person.email}</Table.Td>
      <Table.Td>
        <NativeSelect
          aria-label={say.roleOf(name)}
          value={person.role}
          disabled={me}
          data={ROLES.map((value) => ({ value, label: say.roles[value]!.name }))}
          onChange={(event) => onChange({ role: event.target.value as Role })}
        />
      </Table.Td>
      <Table.Td>
        <Switch aria-label={say.activeOf(name)} checked={person.is_active} disabled={me} onChange={(event) => onChange({ is_active: event.target.checked })} />
      </Table.Td>
      <Table.Td>
        {!me && (
          <ActionIcon variant="subtle" color="red" size="lg" aria-label={say.remove(name)} onClick={askRemove}>
            <IconTrash size={18} />
          </ActionIcon>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Invitations() {
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['invitations'], queryFn: ({ signal }) => api.invitations(signal) });
  const revoke = useMutation({
    mutationFn: api.revokeInvitation,
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const open = found.data?.items.filter(({ state }) => state === 'open') ?? [];
  return (
    <section className={styles.section}>
      <h2>{say.invitations}</h2>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && open.length === 0 && <p className={styles.soft}>{say.noInvitations}</p>}
      <ul className={styles.list}>
        {open.map((invitation) => (
          <li key={invitation.id}>
            <span>
              <strong>{invitation.email}</strong>
              <br />
              <small className={styles.soft}>
                {say.roles[invitation.role]?.name}, {say.until(day(invitation.expires_at))}
              </small>
            </span>
            <Button size="compact-sm" variant="default" onClick={() => revoke.mutate(invitation.id)}>
              {say.revoke}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Invite() {
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [made, setMade] = useState<InvitationMade | null>(null);
  const send = useMutation({
    mutationFn: () => api.invite(email.trim(), role),
    onSuccess: setMade,
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const problem = send.error ? problemOf(send.error) : null;
  if (made) return <Link made={made} />;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack>
        <TextInput label={say.email} type="email" required value={email} onChange={(event) => setEmail(event.target.value)} error={problem && (problem.fields['email'] ?? problem.message)} data-autofocus />
        <Radio.Group label={say.role} value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap="xs" mt={6}>
            {ROLES.map((value) => (
              <Radio key={value} value={value} label={say.roles[value]!.name} description={say.roles[value]!.text} />
            ))}
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={send.isPending}>
          {say.send}
        </Button>
      </Stack>
    </form>
  );
}

function Link({ made }: { made: InvitationMade }) {
  const link = `${location.origin}/login/?invitation=${encodeURIComponent(made.code)}`;
  return (
    <Stack role="status">
      <Text fw={600}>{say.made}</Text>
      <Text c="dimmed">{say.madeText(made.email)}</Text>
      <TextInput readOnly value={link} aria-label={say.made} onFocus={(event) => event.target.select()} />
      <CopyButton value={link}>
        {({ copied, copy }) => <Button onClick={copy}>{copied ? texts.common.copied : texts.common.copy}</Button>}
      </CopyButton>
    </Stack>
  );
}
