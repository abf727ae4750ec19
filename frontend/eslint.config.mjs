import next from 'eslint-config-next/core-web-vitals';
import typescript from 'eslint-config-next/typescript';

const config = [
  { ignores: ['.next/', 'out/', 'node_modules/', 'lib/api.gen.ts', 'next-env.d.ts', 'public/'] },
  ...next,
  ...typescript,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // The colours are chosen before the first paint, by a file of some hundred bytes.
      '@next/next/no-sync-scripts': 'off',
      // Pictures come from the API in the sizes that it made; the export has no image server.
      '@next/next/no-img-element': 'off',
      // Calls go through one module.
      'no-restricted-globals': ['error', ...['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket'].map((name) => ({ name, message: 'Only lib/api.ts talks to the API.' }))],
    },
  },
  { files: ['**/*.{ts,tsx}'], ignores: ['lib/api.ts', 'lib/problems.ts'], rules: { 'no-restricted-imports': ['error', { paths: ['axios'] }] } },
];

export default config;
