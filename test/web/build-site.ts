import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { servePage } from '../../src/explore/serve-page.js';
import { chromiumPath } from './chromium.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the page, built from this tree; empty where there is no Chromium to open it. */
    readonly site: string;
    /** The folder it was built into. */
    readonly siteFolder: string;
  }
}

/** Builds the page once for all tests of it, and serves it as `explore` does, under its policy. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (chromiumPath === undefined) {
    process.stderr.write(
      'tests of the page are skipped: no Chromium here (apt-get install chromium, or CHROMIUM=path)\n',
    );
    project.provide('site', '');
    project.provide('siteFolder', '');
    return undefined;
  }
  const outDir = mkdtempSync(join(tmpdir(), 'site-'));
  await build({ root: 'web', logLevel: 'warn', build: { outDir } });
  const server = await servePage({ page: outDir, folders: [] });
  project.provide('site', server.url);
  project.provide('siteFolder', outDir);
  return async () => {
    await server.close();
    rmSync(outDir, { recursive: true });
  };
}
