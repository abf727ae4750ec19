import { expect, it } from 'vitest';
import { externalise } from '../scripts/externalise.mjs';

const nameOf = () => '/page.js';

it('moves all scripts of a page into one file, at the place of the last', () => {
  const page = '<head><script src="/a.js" async=""></script></head><body><script>one()</script><p>x</p><script id="_R_">two()</script></body>';

  const { html, script } = externalise(page, nameOf);

  expect(script).toBe('one();\ntwo()');
  expect(html).toBe('<head><script src="/a.js" async=""></script></head><body><p>x</p><script src="/page.js"></script></body>');
});

it('leaves data and pages without scripts alone', () => {
  const page = '<script type="application/ld+json">{}</script>';

  expect(externalise(page, nameOf)).toEqual({ html: page, script: null });
});
