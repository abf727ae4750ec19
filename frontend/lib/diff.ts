export interface Piece {
  text: string;
  kind: 'same' | 'old' | 'new';
}

/** Above this many words a comparison word by word helps nobody. */
const MOST = 1500;

/** What was taken out of a text and what was put in, word by word (longest common subsequence). */
export function compare(before: string, after: string): Piece[] {
  const [a, b] = [words(before), words(after)];
  if (a.length > MOST || b.length > MOST) return joined([piece(before, 'old'), piece(after, 'new')]);
  const common = table(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push(piece(a[i]!, 'same'));
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      pieces.push(piece(a[i]!, 'old'));
      i += 1;
    } else {
      pieces.push(piece(b[j]!, 'new'));
      j += 1;
    }
  }
  return joined(pieces);
}

/** Words with the white space that follows them. */
function words(text: string): string[] {
  return text.match(/\s*\S+\s*/gu) ?? (text ? [text] : []);
}

function piece(text: string, kind: Piece['kind']): Piece {
  return { text, kind };
}

/** Length of the longest common rest from each pair of positions. */
function table(a: string[], b: string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

function joined(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const next of pieces) {
    const last = found.at(-1);
    if (last?.kind === next.kind) last.text += next.text;
    else if (next.text) found.push({ ...next });
  }
  return found;
}
