import { defineConfig } from 'vitest/config';

const from = (path: string): string => new URL(path, import.meta.url).pathname;

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
    include: [mode === 'soak' ? 'test/**/*.soak.ts' : 'test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: '100%', // of the cores: the default leaves one of them idle
  },
}));
