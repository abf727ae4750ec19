import Link from 'next/link';
import { texts } from '@/texts/site';
import styles from './Footer.module.css';

export function Footer() {
  return (
    <footer className={`screen-only ${styles.footer}`}>
      <div className={`wrap ${styles.row}`}>
        <p>{texts.footer}</p>
        <nav aria-label={texts.footerNav}>
          <Link href="/chatbot/" prefetch={false}>
            {texts.ask}
          </Link>
          <Link href="/login/?view=register" prefetch={false}>
            {texts.sell}
          </Link>
          <a href="/api/docs/">{texts.api}</a>
        </nav>
      </div>
    </footer>
  );
}
