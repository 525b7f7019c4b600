import { join } from 'node:path';
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

/** Writes `<id>.png`, `.svg`, `.csv`, `.md` (title and caption) and, if asked for, `.pdf`, each as a whole or not at all. Throws UsageError where `claim` does, DataError if the disk refuses. */
export async function writeFigure(
  figure: Figure,
  out: string,
  options: RenderOptions & { readonly claim?: (names: readonly string[]) => void } = {},
): Promise<WrittenFigure> {
  const { id, title, caption } = figure;
  const { claim = (names) => claimFiles(out, figuresFolder, names), ...rendering } = options;
  const contents = {
    ...(await render(figure, rendering)),
    csv: csvOf(figure),
    md: `# ${title}\n\n![${title}](${id}.png)\n\n${caption}\n\nDrawn data: [${id}.csv](${id}.csv).\n`,
  };
  claim(Object.keys(contents).map((extension) => `${id}.${extension}`));
  const files = Object.entries(contents).map(([extension, content]) => {
    const path = join(out, `${id}.${extension}`);
    writeAtomically(path, content);
    return path;
  });
  return { id, title, caption, files };
}
