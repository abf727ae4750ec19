// Writes lib/api.gen.ts from openapi.json, the merged document of the services.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const folder = new URL('../', import.meta.url);
const document = JSON.parse(await readFile(new URL('openapi.json', folder), 'utf8'));
const types = astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));
await writeFile(new URL('lib/api.gen.ts', folder), types);
