'use client';

import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import { MantineProvider } from '@mantine/core';
import { modals, ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { Seal } from '@/components/site/Seal';
import { ThemeToggle } from '@/components/site/ThemeToggle';
import * as api from '@/lib/api';
import { texts } from '@/texts/dashboard';
import { texts as site } from '@/texts/site';
import styles from './Frame.module.css';
import { Gate, usePerson } from './Gate';
import { placesFor } from './places';
import { schemes, theme, variables } from './theme';

export function Frame({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} colorSchemeManager={schemes} defaultColorScheme="auto">
      <ModalsProvider labels={{ confirm: texts.common.save, cancel: texts.common.cancel }}>
        {/* Above, where no page decides or saves. */}
        <Notifications position="top-center" />
        <Gate waiting={<div className={styles.waiting} aria-busy="true" />}>
          <Work>{children}</Work>
        </Gate>
      </ModalsProvider>
    </MantineProvider>
  );
}

function Work({ children }: { children: ReactNode }) {
  const path = usePathname();
  // Where it was opened: whoever has gone elsewhere, by whatever way, finds it shut.
  const [openAt, setOpenAt] = useState('');
  const open = openAt === path;
  // No question outlives the page that asked it.
  useEffect(() => void modals.closeAll(), [path]);
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {site.skip}
      </a>
      <header className={`screen-only ${styles.side}`} data-open={open || undefined}>
        <div className={styles.head}>
          <Link href="/" prefetch={false} className={styles.brand}>
            <Seal size={26} />
            {site.name}
          </Link>
          <button type="button" className={`button quiet ${styles.menu}`} aria-expanded={open} onClick={() => setOpenAt(open ? '' : path)}>
            {texts.nav.menu}
          </button>
        </div>
        <Places onGo={() => setOpenAt('')} />
        <Person />
      </header>
      <main id="content" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}

function Places({ onGo }: { onGo: () => void }) {
  const path = usePathname();
  const { can } = usePerson();
  const waiting = useQuery({
    queryKey: ['approvals', 'count'],
    queryFn: ({ signal }) => api.approvals({}, null, signal),
    enabled: can('product:approve'),
    refetchInterval: 60_000,
  }).data;
  const count = waiting ? `${waiting.items.length}${waiting.next ? '+' : ''}` : '';
  return (
    <nav className={styles.places} aria-label={texts.nav.label}>
      {placesFor(can).map(({ href, text, icon: Icon }) => {
        const here = href === '/dashboard/' ? path === href || path.startsWith('/dashboard/product') : path === href;
        return (
          <Link key={href} href={href} prefetch={false} onClick={onGo} aria-current={here ? 'page' : undefined}>
            <Icon size={20} stroke={1.8} aria-hidden="true" />
            <span>{text}</span>
            {href.includes('review') && count && count !== '0' && <b className={styles.count}>{count}</b>}
          </Link>
        );
      })}
    </nav>
  );
}

function Person() {
  const { user } = usePerson();
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ') || user.username;
  return (
    <div className={styles.person}>
      <div className={styles.who}>
        <Link href="/dashboard/profile/" prefetch={false} dir="auto">
          {name}
        </Link>
        <small dir="auto">{user.business_name}</small>
      </div>
      <ThemeToggle />
      <Link href={user.business ? `/?business=${user.business}` : '/'} prefetch={false} className={styles.out}>
        {texts.nav.shop}
      </Link>
      <button type="button" data-leaves className={styles.out} onClick={() => void api.logout().catch(() => undefined)}>
        {texts.nav.out}
      </button>
    </div>
  );
}
