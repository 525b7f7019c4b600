import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a reproduction wrote, page, rows and figures by their names, without the times. */
export function written(out: string): Record<string, string> {
  const page = readFileSync(join(out, 'README.md'), 'utf8')
    .replace(/ \d+ s \|$/gm, ' TIME |')
    .replace(/one process each: [^.]* (s|min|h)\./, 'one process each: TIME.');
  const rows = readFileSync(join(out, 'results.json'), 'utf8').replace(/"seconds": [0-9.e-]+/g, '"seconds": TIME');
  const figures = readdirSync(join(out, 'figures')).map((name): [string, string] => [
    name,
    readFileSync(join(out, 'figures', name)).toString('base64'),
  ]);
  return { page, rows, ...Object.fromEntries(figures) };
}
