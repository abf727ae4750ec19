'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useSession } from '@/lib/session';
import { texts } from '@/texts/site';
import styles from './Header.module.css';
import { Seal } from './Seal';
import { ThemeToggle } from './ThemeToggle';

export function Header() {
  const path = usePathname();
  const { status } = useSession();
  const links = [
    { href: '/', text: texts.shop },
    { href: '/chatbot/', text: texts.ask },
  ];
  return (
    <header className={`screen-only ${styles.header}`}>
      <a href="#content" className={styles.skip}>
        {texts.skip}
      </a>
      <div className={`wrap ${styles.bar}`}>
        <Link href="/" prefetch={false} className={styles.brand}>
          <Seal />
          {texts.name}
        </Link>
        <nav className={styles.nav} aria-label={texts.mainNav}>
          {links.map(({ href, text }) => (
            <Link key={href} href={href} prefetch={false} aria-current={path === href ? 'page' : undefined}>
              {text}
            </Link>
          ))}
        </nav>
        <ThemeToggle />
        {status === 'in' ? (
          <Link href="/dashboard/" prefetch={false} className={`button quiet ${styles.enter}`}>
            {texts.dashboard}
          </Link>
        ) : (
          <Link href="/login/" prefetch={false} className={`button quiet ${styles.enter}`}>
            {texts.signIn}
          </Link>
        )}
      </div>
    </header>
  );
}
