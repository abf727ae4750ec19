// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Fault, Field } from '@/components/login/Field';
import { filled, long, useFields } from '@/components/login/useFields';
import { ApiProblem } from '@/lib/problems';
import { texts as problems } from '@/texts/problems';
import { texts } from '@/texts/login';

afterEach(cleanup);

function Form({ work }: { work: (values: { name: string; password: string }) => Promise<void> }) {
  const { form, bind, submit, fault, busy } = useFields({ name: filled, password: long });
  return (
    <form ref={form} onSubmit={submit(work)} noValidate>
      <Fault text={fault} />
      <Field label="Name" {...bind('name')} />
      <Field label="Password" type="password" {...bind('password')} />
      <button disabled={busy}>Go</button>
    </form>
  );
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const type = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const go = () => fireEvent.click(screen.getByRole('button', { name: 'Go' }));

function filledForm(error: Error) {
  render(<Form work={() => Promise.reject(error)} />);
  type('Name', 'anna');
  type('Password', 'long enough');
  go();
}

describe('a form', () => {
  it('is not sent with faults: they stand beside their fields, and the first is gone to', () => {
    let sent = 0;
    render(<Form work={async () => void (sent += 1)} />);
    type('Password', 'short');
    go();

    expect(sent).toBe(0);
    expect(document.activeElement).toBe(field('Name'));
    expect(screen.getByText(texts.required)).toBeTruthy();
    expect(field('Password').getAttribute('aria-invalid')).toBe('true');
    type('Name', 'anna');
    expect(field('Name').getAttribute('aria-invalid')).toBeNull();
  });

  it('shows beside its field what the server refuses', async () => {
    filledForm(new ApiProblem(422, 'invalid', 'no', [{ field: 'name', message: 'is taken' }]));

    await waitFor(() => expect(screen.getByText('This name is taken. Please choose another.')).toBeTruthy());
    expect(document.activeElement).toBe(field('Name'));
    expect(screen.getByRole('alert').textContent).toBe('');
  });

  it.each([
    [new ApiProblem(401, 'unauthorized', 'no active account has this name and password'), problems.wrongLogin],
    [new ApiProblem(429, 'busy', '', [], '', 30), texts.wait(30)],
    [new Error('network'), 'We can’t reach the server. Check your connection, then try again.'],
  ])('says what concerns no field: %s', async (error, said) => {
    filledForm(error);

    await waitFor(() => expect(screen.getByRole('alert').textContent).toBe(said));
  });
});
