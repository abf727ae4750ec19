'use client';

import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Paged } from '@/components/dashboard/Paged';
import { tellFailure } from '@/components/dashboard/tell';
import * as api from '@/lib/api';
import { usePages } from '@/lib/pages';
import { day } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import styles from './People.module.css';

const say = texts.people;

export function Invitations() {
  const queries = useQueryClient();
  const found = usePages(['invitations'], api.invitations);
  const revoke = useMutation({
    mutationFn: api.revokeInvitation,
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const none = <p className={styles.soft}>{say.noInvitations}</p>;
  return (
    <section className={styles.section}>
      <h2>{say.invitations}</h2>
      <Paged found={found} empty={none}>
        {(rows) => {
          const open = rows.filter(({ state }) => state === 'open');
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
                  </span>
                  <Button size="compact-sm" variant="default" onClick={() => revoke.mutate(invitation.id)}>
                    {say.revoke}
                  </Button>
                </li>
              ))}
            </ul>
          );
        }}
      </Paged>
    </section>
  );
}
