import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { typesOf } from '../scripts/generate-types.mjs';

const read = (name) => readFile(new URL(`../${name}`, import.meta.url), 'utf8');

it('the types of the API are those of its document', async () => {
  expect(await read('lib/api.gen.ts')).toBe(await typesOf(JSON.parse(await read('openapi.json'))));
}, 30_000); // to read the whole document takes seconds on a busy machine
