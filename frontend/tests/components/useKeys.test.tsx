// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { useKeys } from '@/components/review/useKeys';

afterEach(cleanup);

function Desk({ act, dialog }: { act: () => void; dialog?: boolean }) {
  useKeys([['A', act]]);
  return (
    <>
      <input type="checkbox" />
      <textarea />
      {dialog && <div role="dialog" />}
    </>
  );
}

function desk(dialog = false) {
  let count = 0;
  render(<Desk act={() => (count += 1)} dialog={dialog} />);
  return () => count;
}

describe('a key that decides', () => {
  it('counts, also with the focus in a box that was ticked', () => {
    const count = desk();
    fireEvent.keyDown(document.body, { key: 'a' });
    fireEvent.keyDown(screen.getByRole('checkbox'), { key: 'a' });
    expect(count()).toBe(2);
  });

  it('counts once while it is held down', () => {
    const count = desk();
    fireEvent.keyDown(document.body, { key: 'a' });
    fireEvent.keyDown(document.body, { key: 'a', repeat: true });
    expect(count()).toBe(1);
  });

  it('is a letter in a comment', () => {
    const count = desk();
    fireEvent.keyDown(screen.getByRole('textbox'), { key: 'a' });
    expect(count()).toBe(0);
  });

  it('does nothing behind an open dialog', () => {
    const count = desk(true);
    fireEvent.keyDown(document.body, { key: 'a' });
    expect(count()).toBe(0);
  });
});
