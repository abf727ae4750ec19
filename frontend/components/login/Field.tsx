'use client';

import { useId, useState } from 'react';
import { texts } from '@/texts/login';
import styles from './Login.module.css';

interface Props {
  label: string;
  name: string;
  value: string;
  fault: string;
  onChange: (value: string) => void;
  hint?: string;
  type?: 'text' | 'email' | 'password';
  autoComplete?: string;
  autoFocus?: boolean;
}

export function Field({ label, name, value, fault, onChange, hint, type = 'text', ...rest }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const notes = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.input}>
        <input
          id={id}
          className="field"
          name={name}
          type={type === 'password' && shown ? 'text' : type}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={fault ? true : undefined}
          aria-describedby={notes || undefined}
          autoCapitalize="none"
          spellCheck={false}
          {...rest}
        />
        {type === 'password' && (
          <button type="button" onClick={() => setShown(!shown)} aria-pressed={shown} aria-label={`${shown ? texts.hide : texts.show}: ${label}`}>
            {shown ? texts.hide : texts.show}
          </button>
        )}
      </div>
      {fault && (
        <p id={`${id}-fault`} className={styles.fault}>
          {fault}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Fault({ text }: { text: string }) {
  return (
    <p role="alert" className={text ? styles.alert : 'visually-hidden'}>
      {text}
    </p>
  );
}
