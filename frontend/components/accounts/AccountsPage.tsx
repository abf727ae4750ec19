'use client';

import { Button, Checkbox, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Allowed } from '@/components/dashboard/Gate';
import { Paged } from '@/components/dashboard/Paged';
import { Title } from '@/components/dashboard/Title';
import { tellFailure } from '@/components/dashboard/tell';
import styles from '@/components/people/People.module.css';
import { Notice } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { usePages } from '@/lib/pages';
import { problemOf } from '@/lib/problems';
import { ago, day } from '@/lib/time';
import type { Scope, ServiceAccount, ServiceAccountMade } from '@/lib/types';
import { texts } from '@/texts/dashboard';

const say = texts.accounts;
const SCOPES = Object.keys(say.scopeNames) as Scope[];

export function AccountsPage() {
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<ServiceAccountMade | null>(null);
  return (
    <Allowed to="user:manage">
      <Title
        actions={
          <Button leftSection={<IconPlus size={18} />} onClick={() => setCreating(true)}>
            {say.create}
          </Button>
        }
      >
        {say.title}
      </Title>
      <p className={styles.soft}>{say.lead}</p>
      <Accounts onSecret={setMade} />
      <Modal opened={creating} onClose={() => setCreating(false)} title={say.create}>
        <Create
          onMade={(account) => {
            setCreating(false);
            setMade(account);
          }}
        />
      </Modal>
      <Modal opened={made !== null} onClose={() => setMade(null)} title={say.secret} closeOnClickOutside={false}>
        {made && <Secret made={made} />}
      </Modal>
    </Allowed>
  );
}

function Accounts({ onSecret }: { onSecret: (made: ServiceAccountMade) => void }) {
  const queries = useQueryClient();
  const found = usePages(['service-accounts'], api.serviceAccounts);
  const onSettled = () => queries.invalidateQueries({ queryKey: ['service-accounts'] });
  const rotate = useMutation({ mutationFn: api.rotateServiceAccount, onSuccess: onSecret, onError: tellFailure, onSettled });
  const remove = useMutation({ mutationFn: api.deleteServiceAccount, onError: tellFailure, onSettled });
  const askRemove = (account: ServiceAccount) =>
    modals.openConfirmModal({
      title: say.removeTitle,
      children: say.removeSure(account.name),
      labels: { confirm: texts.common.delete, cancel: texts.common.cancel },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(account.id),
    });
  return (
    <Paged found={found} empty={<Notice title={say.empty.title}>{say.empty.text}</Notice>}>
      {(rows) => (
        <ul className={styles.list}>
          {rows.map((account) => (
            <li key={account.id}>
              <span>
                <strong dir="auto">{account.name}</strong> <small className={styles.soft}>{account.client_id}</small>
                <br />
                <small className={styles.soft}>
                  {account.scopes.map((scope) => say.scopeNames[scope]).join(', ')}
                  {' · '}
                  {say.lastUsed(account.last_used_at ? ago(account.last_used_at) : texts.common.never)}
                  {account.expires_at && ` · ${say.expires(day(account.expires_at))}`}
                </small>
              </span>
              <Group gap="xs">
                <Button size="compact-sm" variant="default" loading={rotate.isPending && rotate.variables === account.id} onClick={() => rotate.mutate(account.id)}>
                  {say.rotate}
                </Button>
                <Button size="compact-sm" variant="subtle" color="red" aria-label={say.remove(account.name)} onClick={() => askRemove(account)}>
                  {texts.common.delete}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}

function Create({ onMade }: { onMade: (made: ServiceAccountMade) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['catalog:read']);
  const both = scopes.includes('catalog:write') && scopes.includes('catalog:approve');
  const create = useMutation({
    mutationFn: () => api.createServiceAccount({ name: name.trim(), scopes }),
    onSuccess: onMade,
    onSettled: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
  });
  const problem = create.error ? problemOf(create.error) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack>
        <TextInput label={say.name} required maxLength={150} value={name} onChange={(event) => setName(event.target.value)} error={problem && (problem.fields['name'] ?? problem.message)} data-autofocus />
        <Checkbox.Group label={say.scopes} value={scopes} onChange={(value) => setScopes(value as Scope[])} error={both && say.exclusive}>
          <Stack gap="xs" mt={6} mb={6}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={say.scopeNames[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Button type="submit" loading={create.isPending} disabled={both || scopes.length === 0 || !name.trim()}>
          {say.create}
        </Button>
      </Stack>
    </form>
  );
}

function Secret({ made }: { made: ServiceAccountMade }) {
  return (
    <Stack role="status">
      <Text c="dimmed">{say.secretText}</Text>
      <TextInput label={say.clientId} readOnly value={made.client_id} onFocus={(event) => event.target.select()} />
      <TextInput label={say.clientSecret} readOnly value={made.client_secret} onFocus={(event) => event.target.select()} />
      <CopyButton value={made.client_secret}>
        {({ copied, copy }) => <Button onClick={copy}>{copied ? texts.common.copied : texts.common.copy}</Button>}
      </CopyButton>
    </Stack>
  );
}
