'use client';

import { Button, Modal, Stack, Text } from '@mantine/core';
import { usePathname, useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { SignInForm } from '@/components/login/SignInForm';
import { Failure } from '@/components/ui/Notice';
import { resume } from '@/lib/api';
import { may, session as sessions, useSession } from '@/lib/session';
import type { Permission, Self } from '@/lib/types';
import { texts } from '@/texts/dashboard';

const Person = createContext<Self | null>(null);

/** Who works here, and what they may do. */
export function usePerson() {
  const user = useContext(Person);
  if (!user) throw new Error('usePerson outside of the gate');
  return { user, can: (permission: Permission) => may(user, permission) };
}

/**
 * Lets in who is signed in and sends strangers to the login page. Whose session ends while they work, or is ended in
 * another tab while something here is unsaved, signs in on the spot, with everything still in place.
 */
export function Gate({ children, waiting }: { children: ReactNode; waiting: ReactNode }) {
  const session = useSession();
  const router = useRouter();
  const path = usePathname();
  const [last, setLast] = useState<Self | null>(null);
  if (session.status === 'in' && session.user !== last) setLast(session.user);
  const ended = session.status === 'out' && last !== null ? session.kept : null;
  const stranger = session.status === 'out' && !ended;
  const note = ended === 'elsewhere' ? texts.expired.elsewhere : texts.expired;
  useEffect(() => {
    if (stranger) router.replace(`/login/?next=${encodeURIComponent(path + location.search)}`);
  }, [stranger, router, path]);
  if (session.status === 'unknown' && session.fault) return <Failure error={session.fault} retry={() => void resume()} />;
  const user = stranger ? null : last;
  if (!user) return waiting;
  return (
    <Person value={user}>
      <Modal opened={ended !== null} onClose={() => undefined} withCloseButton={false} title={note.title} overlayProps={{ blur: 12 }}>
        <Stack>
          <Text c="dimmed">{note.text}</Text>
          <SignInForm username={user.username} onSignedIn={() => undefined} />
          <Button variant="subtle" color="gray" onClick={() => sessions.dropped()}>
            {texts.expired.leave}
          </Button>
        </Stack>
      </Modal>
      {/* Another person begins with pages of their own. */}
      <div key={user.id} style={{ display: 'contents' }}>
        {children}
      </div>
    </Person>
  );
}

/** Shows its content to whoever has one of the permissions, and says so to others. */
export function Allowed({ to, children }: { to: Permission | Permission[]; children: ReactNode }) {
  const { can } = usePerson();
  if ([to].flat().some(can)) return children;
  return (
    <Stack align="center" py="xl">
      <h1>{texts.common.notAllowed.title}</h1>
      <Text c="dimmed">{texts.common.notAllowed.text}</Text>
    </Stack>
  );
}
