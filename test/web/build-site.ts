import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { chromiumPath } from './chromium.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the page, built from this tree; empty where there is no Chromium to open it. */
    readonly site: string;
    /** The folder it was built into. */
    readonly siteFolder: string;
  }
}

/** Builds the page once for all tests of it, and serves it. */
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
  const server = await preview({
    root: 'web',
    logLevel: 'warn',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  });
  project.provide('site', server.resolvedUrls!.local[0]!);
  project.provide('siteFolder', outDir);
  return async () => {
    await server.close();
    rmSync(outDir, { recursive: true });
  };
}
