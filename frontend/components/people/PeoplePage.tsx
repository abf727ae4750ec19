'use client';

import { ActionIcon, Button, Modal, NativeSelect, Switch, Table } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTrash, IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { Paged } from '@/components/dashboard/Paged';
import { StackTable } from '@/components/dashboard/StackTable';
import { Title } from '@/components/dashboard/Title';
import { tell, tellFailure } from '@/components/dashboard/tell';
import * as api from '@/lib/api';
import { usePages } from '@/lib/pages';
import type { Role, User, UserWish } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { Invitations } from './Invitations';
import { Invite } from './Invite';
import styles from './People.module.css';
import { ROLES } from './roles';

const say = texts.people;

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
  const found = usePages(['users'], api.users);
  const settled = () => queries.invalidateQueries({ queryKey: ['users'] });
  const change = useMutation({
    mutationFn: ({ id, ...wish }: UserWish & { id: number }) => api.changeUser(id, wish),
    onSuccess: () => void tell(texts.common.saved),
    onError: tellFailure,
    onSettled: settled,
  });
  const remove = useMutation({ mutationFn: api.deleteUser, onError: tellFailure, onSettled: settled });
  return (
    <Paged found={found} empty={null}>
      {(people) => (
        <StackTable columns={[say.columns.name, say.columns.email, say.columns.role, say.columns.active]} actions>
          {people.map((person) => (
            <Row
              key={person.id}
              person={person}
              setUpBy={people.find(({ id }) => id === person.set_up_by)}
              onChange={(wish) => change.mutate({ id: person.id, ...wish })}
              onRemove={() => remove.mutate(person.id)}
            />
          ))}
        </StackTable>
      )}
    </Paged>
  );
}

const nameOf = (person: User) => [person.first_name, person.last_name].filter(Boolean).join(' ') || person.username;

function Row({ person, setUpBy, onChange, onRemove }: { person: User; setUpBy?: User; onChange: (wish: UserWish) => void; onRemove: () => void }) {
  const { user } = usePerson();
  const name = nameOf(person);
  const me = person.id === user.id;
  const askRemove = () =>
    modals.openConfirmModal({
      title: say.removeTitle,
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
        {setUpBy && (
          <>
            <br />
            <small className={styles.soft}>{say.setUpBy(nameOf(setUpBy))}</small>
          </>
        )}
      </Table.Td>
      <Table.Td data-wide>{person.email}</Table.Td>
      <Table.Td>
        {me ? (
          say.roles[person.role]?.name
        ) : (
          <NativeSelect
            aria-label={say.roleOf(name)}
            value={person.role}
            data={ROLES.map((value) => ({ value, label: say.roles[value]!.name }))}
            onChange={(event) => onChange({ role: event.target.value as Role })}
          />
        )}
      </Table.Td>
      <Table.Td>
        {me ? (
          texts.common.yes
        ) : (
          <Switch aria-label={say.activeOf(name)} checked={person.is_active} onChange={(event) => onChange({ is_active: event.target.checked })} />
        )}
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
