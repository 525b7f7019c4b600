import { join } from 'node:path';
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

/** Writes `<id>.png`, `.svg`, `.csv`, `.md` (title and caption) and, if asked for, `.pdf`, each as a whole or not at all. Throws DataError if the disk refuses. */
export async function writeFigure(figure: Figure, out: string, options: RenderOptions = {}): Promise<WrittenFigure> {
  const { id, title, caption } = figure;
  const contents = {
    ...(await render(figure, options)),
    csv: csvOf(figure),
    md: `# ${title}\n\n![${title}](${id}.png)\n\n${caption}\n\nDrawn data: [${id}.csv](${id}.csv).\n`,
  };
  const files = Object.entries(contents).map(([extension, content]) => {
    const path = join(out, `${id}.${extension}`);
    writeAtomically(path, content);
    return path;
  });
  return { id, title, caption, files };
}
