'use client';

import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Paged } from '@/components/dashboard/Paged';
import { tell, tellFailure } from '@/components/dashboard/tell';
import * as api from '@/lib/api';
import { usePages } from '@/lib/pages';
import { day } from '@/lib/time';
import type { Invitation, InvitationMade } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { Made } from './Invite';
import styles from './People.module.css';

const say = texts.people;

export function Invitations() {
  const queries = useQueryClient();
  const found = usePages(['invitations'], api.invitations);
  const [made, setMade] = useState<InvitationMade | null>(null);
  const settled = () => queries.invalidateQueries({ queryKey: ['invitations'] });
  const revoke = useMutation({ mutationFn: api.revokeInvitation, onError: tellFailure, onSettled: settled });
  // Another invitation to the address takes the place of this one.
  const again = useMutation({
    mutationFn: ({ email, role }: Invitation) => api.invite(email, role),
    onSuccess: (answer) => (answer.code === null ? void tell(say.sent(answer.email)) : setMade(answer)),
    onError: tellFailure,
    onSettled: settled,
  });
  const none = <p className={styles.soft}>{say.noInvitations}</p>;
  return (
    <section className={styles.section}>
      <h2>{say.invitations}</h2>
      <Paged found={found} empty={none}>
        {(rows) => {
          const open = rows.filter(({ state }) => ['open', 'undeliverable'].includes(state));
          if (open.length === 0) return none;
          return (
            <ul className={styles.list}>
              {open.map((invitation) => (
                <li key={invitation.id}>
                  <span>
                    <strong>{invitation.email}</strong>
                    <br />
                    <small className={styles.soft}>
                      {say.roles[invitation.role]?.name}, {say.until(day(invitation.expires_at))}
                    </small>
                    {invitation.state === 'undeliverable' && <p className={styles.fault}>{say.undeliverable}</p>}
                  </span>
                  <Group gap="xs">
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={say.againFor(invitation.email)}
                      loading={again.isPending && again.variables.id === invitation.id}
                      onClick={() => again.mutate(invitation)}
                    >
                      {say.again}
                    </Button>
                    <Button size="compact-sm" variant="default" aria-label={say.revokeFor(invitation.email)} onClick={() => revoke.mutate(invitation.id)}>
                      {say.revoke}
                    </Button>
                  </Group>
                </li>
              ))}
            </ul>
          );
        }}
      </Paged>
      <Modal opened={made !== null} onClose={() => setMade(null)} title={say.invite}>
        {made && <Made made={made} />}
      </Modal>
    </section>
  );
}
