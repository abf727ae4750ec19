export interface Block {
  list: boolean;
  lines: string[];
}

const ITEM = /^\s*[-*•]\s+/;

/** Paragraphs and lists of an answer: lines that begin with "- " are items, empty lines part paragraphs. */
export function blocksOf(text: string): Block[] {
  const found: Block[] = [];
  let open = false;
  for (const line of text.split('\n')) {
    if (!line.trim()) {
      open = false;
      continue;
    }
    const list = ITEM.test(line);
    const last = found.at(-1);
    const said = line.replace(ITEM, '');
    if (open && last?.list === list) last.lines.push(said);
    else found.push({ list, lines: [said] });
    open = true;
  }
  return found;
}
