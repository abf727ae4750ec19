// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Composer } from '@/components/chat/Composer';
import { texts } from '@/texts/chat';

afterEach(cleanup);

function composer(busy = false) {
  const asked: string[] = [];
  let stopped = 0;
  render(<Composer busy={busy} onAsk={(question) => asked.push(question)} onStop={() => (stopped += 1)} />);
  const area = screen.getByRole<HTMLTextAreaElement>('textbox');
  return { asked, area, stopped: () => stopped, type: (value: string) => fireEvent.change(area, { target: { value } }) };
}

describe('the field for a question', () => {
  it('sends by Enter what is in it, and is empty then', () => {
    const { area, asked, type } = composer();
    type('  Which lamps?  ');
    fireEvent.keyDown(area, { key: 'Enter' });

    expect(asked).toEqual(['Which lamps?']);
    expect(area.value).toBe('');
  });

  it.each([
    ['a new line', { key: 'Enter', shiftKey: true }],
    ['a chosen character of an input method', { key: 'Enter', isComposing: true }],
  ])('does not send for %s', (_, key) => {
    const { area, asked, type } = composer();
    type('Lampe');
    fireEvent.keyDown(area, key);

    expect(asked).toEqual([]);
  });

  it.each(['', '   ', 'x'.repeat(4001)])('refuses nothing and too much', (text) => {
    const { area, asked, type } = composer();
    type(text);
    fireEvent.keyDown(area, { key: 'Enter' });

    expect(asked).toEqual([]);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: texts.send }).disabled).toBe(true);
  });

  it('keeps what is typed while an answer comes, which can be stopped', () => {
    const { area, asked, stopped, type } = composer(true);
    type('And blankets?');
    fireEvent.keyDown(area, { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: texts.stop }));

    expect([asked, area.value, stopped()]).toEqual([[], 'And blankets?', 1]);
  });
});
