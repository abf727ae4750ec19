'use client';

import { Button, CopyButton, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import * as api from '@/lib/api';
import { problemOf } from '@/lib/problems';
import type { InvitationMade, Role } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { ROLES } from './roles';

const say = texts.people;

export function Invite() {
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
  if (made) return <Made made={made} />;
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

/** An invitation that is on its way, or, where no mail is set up, the link to hand over. */
export function Made({ made }: { made: InvitationMade }) {
  if (made.code === null) return <Text role="status">{say.sent(made.email)}</Text>;
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
