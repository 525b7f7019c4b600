import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

interface LicencePlugins {
  /** For the page: writes licences.txt. */
  readonly page: Plugin;
  /** For its workers, which are bundled before it. */
  readonly worker: () => Plugin;
}

/** Writes the licences of the packages whose code is in the page or in one of its workers. Of a package without a text of it the name is given; fails where it has neither. */
export function licencePlugins(): LicencePlugins {
  const packages = new Map<string, Set<string>>();
  const collect = (bundle: Rolldown.OutputBundle): void => {
    for (const part of Object.values(bundle)) {
      for (const id of part.type === 'chunk' ? part.moduleIds : []) {
        const [folder] = /^[^\0]*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
        if (folder === undefined) continue;
        const within = packages.get(folder) ?? new Set();
        packages.set(folder, within);
        if (existsSync(`${id}.LICENSE.txt`)) within.add(`${id}.LICENSE.txt`); // of what is bundled in that file already
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
        const texts = [...packages].map(([folder, within]) => licencesOf(folder, within)).sort();
        this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
      },
    },
  };
}

function licencesOf(folder: string, within: ReadonlySet<string>): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, string>>; // prettier-ignore
  const own = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)(\.|$)/i.test(file));
  if (own.length === 0 && license === undefined) throw new Error(`${name!} does not say under what licence it is`);
  const texts = [...own.map((file) => join(folder, file)), ...within].map((file) => readFileSync(file, 'utf8').trim());
  return `${[`${name!} ${version!} (${license!})`, ...texts].join('\n\n')}\n`;
}
