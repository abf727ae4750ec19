// What cannot be seen in a text, made to be seen where somebody decides on it.

import type { MarkedPart } from './types';

/** Private use: these stand around a mark while texts are compared as strings. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];
const BLANK = '\u00a0';

/** The parts as one text, in which each mark is a piece of its own. */
export function joined(parts: readonly MarkedPart[]): string {
  return parts.map(({ text, mark }) => (mark ? `${OPEN}${mark.replaceAll(' ', BLANK)}${CLOSE}` : (text ?? '').replace(/[\uE000\uE001]/g, ''))).join('');
}

/** A text that was joined, in pieces again: every second one is a mark. */
export function parted(text: string): { text: string; mark: boolean }[] {
  return text.split(new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}`)).map((part, at) => ({ text: at % 2 ? part.replaceAll(BLANK, ' ') : part, mark: at % 2 === 1 }));
}
