import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFigure, type WrittenFigure } from '../../../../figures/write-figure.js';
import { DataError, UsageError } from '../../../errors.js';
import { lockFolder } from '../../../files/folder-lock.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import type { Experiment, ReproducedFigure } from './experiment.js';
import { shownFigure } from './page.js';

const dataPath = (out: string, id: string): string => join(out, 'figures', `${id}.json`);

/** Writes the figure and, as `<id>.json` beside it, the data it is drawn from. Throws DataError if the disk refuses. */
export function writeReproduced(figure: ReproducedFigure, data: unknown, out: string): Promise<WrittenFigure> {
  writeAtomically(dataPath(out, figure.id), `${JSON.stringify(data)}\n`);
  return drawn(figure, out);
}

/** From the file, so that it is the same figure whether or not its data were just found. */
async function drawn({ id, draw }: ReproducedFigure, out: string): Promise<WrittenFigure> {
  return writeFigure({ ...draw(dataOf(dataPath(out, id))), id }, join(out, 'figures'));
}

function dataOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new DataError(`${path} cannot be read: ${(cause as Error).message}; run reproduce to renew it`, { cause });
  }
}

/**
 * Draws the figures of a page again from the data beside them, and puts their titles and captions into the page. Nothing is measured.
 *
 * Throws UsageError where the folder has no page or no such data, or is in use; DataError if data cannot be read, or the page has another place for a figure.
 * Cost: a second for each figure.
 */
export async function redraw(experiments: readonly Experiment[], out: string): Promise<WrittenFigure[]> {
  const page = join(out, 'README.md');
  const there = experiments.flatMap(({ figures }) => figures).filter(({ id }) => existsSync(dataPath(out, id)));
  if (!existsSync(page) || there.length === 0) {
    throw new UsageError(`${out} holds no page with data of figures; give the --out of a finished reproduce`);
  }
  const release = lockFolder(out);
  try {
    let text = readFileSync(page, 'utf8');
    const written: WrittenFigure[] = [];
    for (const figure of there) {
      const one = await drawn(figure, out);
      const place = new RegExp(`!\\[[^\\n]*\\]\\(figures/${figure.id}\\.png\\)\\n\\n[^\\n]*`);
      if (!place.test(text))
        throw new DataError(`${page} does not show the figure ${figure.id}; run reproduce to renew it`);
      text = text.replace(place, () => shownFigure(one).join('\n\n'));
      written.push(one);
    }
    writeAtomically(page, text);
    return written;
  } finally {
    release();
  }
}
