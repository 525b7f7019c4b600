import { runnerImport, type Plugin } from 'vite';

const source = 'virtual:claims';
const resolved = `\0${source}`;

/** Claims as data, taken from theory/ while the page is built: their checks, with all that these compute with, come with the worker that runs them. */
export const claimsPlugin = (): Plugin => ({
  name: 'claims',
  resolveId: (id) => (id === source ? resolved : undefined),
  async load(id) {
    if (id !== resolved) return undefined;
    const path = new URL('../theory/claims.ts', import.meta.url).pathname;
    const { module, dependencies } = await runnerImport<typeof import('../theory/claims.js')>(path);
    for (const file of dependencies) this.addWatchFile(file);
    return `export const claims = ${JSON.stringify(module.claims)};`;
  },
});
