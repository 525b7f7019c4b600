import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

interface LicencePlugins {
  /** For the page: writes licences.txt. */
  readonly page: Plugin;
  /** For its workers, which are bundled before it. */
  readonly worker: () => Plugin;
}

/** Writes the licences of the packages whose code is in the page or in one of its workers. Fails where a package has none. */
export function licencePlugins(): LicencePlugins {
  const packages = new Set<string>();
  const collect = (bundle: Rolldown.OutputBundle): void => {
    for (const part of Object.values(bundle)) {
      for (const id of part.type === 'chunk' ? part.moduleIds : []) {
        const [folder] = /^[^\0]*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
        if (folder !== undefined) packages.add(folder);
      }
    }
  };
  return {
    worker: () => ({
      name: 'licences-of-worker',
      generateBundle(_, bundle) {
        collect(bundle);
      },
    }),
    page: {
      name: 'licences',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        const texts = [...packages].map(licenceOf).sort();
        this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
      },
    },
  };
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, string>>; // prettier-ignore
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one));
  if (file === undefined) throw new Error(`${name!} has no file with its licence`);
  return `${name!} ${version!} (${license!})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
