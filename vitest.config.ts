import { defineConfig } from 'vitest/config';

const from = (path: string): string => new URL(path, import.meta.url).pathname;

const kind = (mode: string): string => (mode === 'soak' ? 'soak' : 'test');

/** Tests of functions of their arguments: their files share what they import, compiled once. */
const pure = ['numeric', 'exact', 'loss', 'tensor'].map((folder) => `test/${folder}/**`);

/** `npm test` runs *.test.ts; `npm run test:soak` runs *.soak.ts, which kill and repeat for minutes. */
export default defineConfig(({ mode }) => ({
  // The programs of the documentation import the package by its name.
  resolve: {
    alias: [
      { find: /^tiny-subspace$/, replacement: from('src/index.ts') },
      { find: 'tiny-subspace/network', replacement: from('src/network.ts') },
      { find: 'tiny-subspace/exact', replacement: from('src/exact.ts') },
      { find: 'tiny-subspace/theory', replacement: from('theory/index.ts') },
      { find: 'tiny-subspace/figures', replacement: from('figures/index.ts') },
    ],
  },
  test: {
    testTimeout: 180_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: '100%', // of the cores: the default leaves one of them idle
    projects: [
      {
        extends: true,
        test: { name: 'node', include: [`test/**/*.${kind(mode)}.ts`], exclude: ['test/web/**', ...pure] },
      },
      {
        extends: true,
        test: { name: 'pure', include: pure.map((folder) => `${folder}/*.${kind(mode)}.ts`), isolate: false },
      },
      // In Chromium, on one build of the page for all.
      {
        extends: true,
        test: {
          name: 'web',
          include: [`test/web/**/*.${kind(mode)}.ts`],
          globalSetup: 'test/web/build-site.ts',
          retry: 1, // a browser on a busy machine; the report says which were tried twice
        },
      },
    ],
  },
}));
