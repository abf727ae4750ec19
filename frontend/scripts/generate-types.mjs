// Writes lib/api.gen.ts from openapi.json, the merged document of the services.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const folder = new URL('../', import.meta.url);

export async function typesOf(document) {
  return astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));
}

async function run() {
  const document = JSON.parse(await readFile(new URL('openapi.json', folder), 'utf8'));
  await writeFile(new URL('lib/api.gen.ts', folder), await typesOf(document));
}

if (process.argv[1] === new URL(import.meta.url).pathname) await run();
