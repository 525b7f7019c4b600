import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DataError } from '../errors.js';

/** This package, or the checkout. */
const own = (): string => dirname(createRequire(import.meta.url).resolve('tiny-subspace/package.json'));

/** The folder of the built page: dist-web of this package. Throws DataError where it has not been built. */
export function pageFolder(root = own()): string {
  const folder = join(root, 'dist-web');
  if (existsSync(join(folder, 'index.html'))) return folder;
  throw new DataError(
    `the page is not built: ${folder} holds no index.html; run \`npm run web:build\` in the checkout`,
  );
}
