import { useRef, useState } from 'react';
import { toldOf } from '@/lib/notices';
import { problemOf } from '@/lib/problems';
import { texts } from '@/texts/login';

type Check = (value: string) => string;

export const filled: Check = (value) => (value.trim() ? '' : texts.required);
export const long: Check = (value) => filled(value) || (value.length < 10 ? texts.short : '');
export const mail: Check = (value) => filled(value) || (/^\S+@\S+$/.test(value.trim()) ? '' : texts.badEmail);
export const any: Check = () => '';

/** A form's values and the faults beside them, the server's included. */
export function useFields<Name extends string>(checks: Record<Name, Check>, initial: Partial<Record<Name, string>> = {}) {
  const names = Object.keys(checks) as Name[];
  const [values, setValues] = useState(
    () => Object.fromEntries(names.map((name) => [name, initial[name] ?? ''])) as Record<Name, string>,
  );
  const [faults, setFaults] = useState<Partial<Record<Name, string>>>({});
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const show = (found: Partial<Record<Name, string>>, general: string) => {
    setFaults(found);
    setFault(general);
    const first = names.find((name) => found[name]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };

  const submit = (work: (values: Record<Name, string>) => Promise<void>) => async (event: React.FormEvent) => {
    event.preventDefault();
    const found: Partial<Record<Name, string>> = {};
    for (const name of names) if (checks[name](values[name])) found[name] = checks[name](values[name]);
    show(found, '');
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await work(values);
    } catch (error) {
      const { fields, general } = explain(error, names);
      show(fields, general);
    } finally {
      setBusy(false);
    }
  };

  const bind = (name: Name) => ({
    name,
    value: values[name],
    fault: faults[name] ?? '',
    onChange: (value: string) => {
      setValues((before) => ({ ...before, [name]: value }));
      setFaults((before) => ({ ...before, [name]: '' }));
    },
  });
  return { form, bind, submit, fault, busy };
}

function explain<Name extends string>(error: unknown, names: Name[]) {
  const problem = problemOf(error);
  const fields: Partial<Record<Name, string>> = {};
  for (const name of names) if (problem.fields[name]) fields[name] = problem.fields[name];
  let general = Object.keys(fields).length > 0 ? '' : toldOf(problem);
  if (problem.status === 429) general = texts.wait(problem.retryAfter ?? 60);
  return { fields, general };
}
