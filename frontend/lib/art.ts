/** Which motif stands for a category, and how it varies: the same product always looks the same. */

export type Motif =
  | 'lamp'
  | 'weave'
  | 'seat'
  | 'bowl'
  | 'leaf'
  | 'paper'
  | 'wave'
  | 'grid'
  | 'hills'
  | 'blocks'
  | 'rings';

const WORDS: [RegExp, Motif][] = [
  [/light|lamp/, 'lamp'],
  [/textile|cloth|fashion|wear|bed/, 'weave'],
  [/furnit|chair|table|home/, 'seat'],
  [/kitchen|cook|food|tea|coffee/, 'bowl'],
  [/garden|plant|flower/, 'leaf'],
  [/station|paper|book|craft/, 'paper'],
  [/audio|music|sound/, 'wave'],
  [/office|desk|comput|electr|tool/, 'grid'],
  [/outdoor|camp|sport|travel/, 'hills'],
  [/toy|child|kid|game/, 'blocks'],
];

const OTHERS: Motif[] = ['rings', 'grid', 'wave', 'blocks'];
const TINTS = 6;

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193);
  return value >>> 0;
}

export interface Art {
  motif: Motif;
  /** 0 to 5, a pair of colours of the style sheet. */
  tint: number;
  /** 0 to 3, quarter turns or arrangements of the motif. */
  turn: number;
}

export function artOf(category: string, id: number): Art {
  const name = category.toLowerCase();
  const motif = WORDS.find(([pattern]) => pattern.test(name))?.[1] ?? OTHERS[hash(name) % OTHERS.length]!;
  return { motif, tint: (hash(name) + (id % 3) * 2) % TINTS, turn: hash(`${name} ${id}`) % 4 };
}
