// Moves the scripts that the framework writes into each page into files, because the content security
// policy allows no script inside a page. Those of one page become one file, named by what is in it.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const OUT = new URL('../out/', import.meta.url).pathname;
const FOLDER = '_next/static/pages';
const INLINE = /<script(?![^>]*\s(?:src|type)=)[^>]*>([\s\S]*?)<\/script>/g;

export function externalise(html, nameOf) {
  const scripts = [...html.matchAll(INLINE)];
  if (scripts.length === 0) return { html, script: null };
  const script = scripts.map((found) => found[1]).join(';\n');
  const last = scripts.at(-1).index;
  // At the place of the last one everything that the others refer to is in the document.
  const moved = html.replace(INLINE, (all, code, at) => (at === last ? `<script src="${nameOf(script)}"></script>` : ''));
  return { html: moved, script };
}

function nameOf(script) {
  return `/${FOLDER}/${createHash('sha256').update(script).digest('hex').slice(0, 16)}.js`;
}

async function run() {
  await mkdir(join(OUT, FOLDER), { recursive: true });
  const pages = (await readdir(OUT, { recursive: true })).filter((name) => name.endsWith('.html'));
  for (const page of pages) {
    const { html, script } = externalise(await readFile(join(OUT, page), 'utf8'), nameOf);
    if (script === null) continue;
    await writeFile(join(OUT, nameOf(script)), script);
    await writeFile(join(OUT, page), html);
  }
  console.log(`externalise: ${pages.length} pages carry no script of their own`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await run();
