import { join, relative } from 'node:path';
import { claimFiles, type FolderKind } from '../src/files/owned-folder.js';
import { writeAtomically } from '../src/files/write-atomically.js';
import { csvOf, type Figure } from './figure.js';
import { render, type RenderOptions } from './render.js';

/** A figure on disk. */
export interface WrittenFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly files: readonly string[];
}

/** A folder of figures. */
export const figuresFolder: FolderKind = { name: 'tiny-subspace figures' };

/**
 * Writes `<id>.png`, `.svg`, `.csv`, `.md` (title and caption) and, if asked for, `.pdf`, each as a whole or not at all, and named in the
 * manifest of the folder before: of `out`, or of the `owner` it lies in. Throws UsageError for a file of somebody else in their place, DataError if the disk refuses.
 */
export async function writeFigure(
  figure: Figure,
  out: string,
  options: RenderOptions & { readonly owner?: { readonly folder: string; readonly kind: FolderKind } } = {},
): Promise<WrittenFigure> {
  const { id, title, caption } = figure;
  const { owner: { folder, kind } = { folder: out, kind: figuresFolder }, ...rendering } = options;
  const contents = {
    ...(await render(figure, rendering)),
    csv: csvOf(figure),
    md: `# ${title}\n\n![${title}](${id}.png)\n\n${caption}\n\nDrawn data: [${id}.csv](${id}.csv).\n`,
  };
  const paths = Object.keys(contents).map((extension) => join(out, `${id}.${extension}`));
  claimFiles(
    folder,
    kind,
    paths.map((path) => relative(folder, path)),
  );
  Object.values(contents).forEach((content, i) => {
    writeAtomically(paths[i]!, content);
  });
  return { id, title, caption, files: paths };
}
