import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeFigure, type WrittenFigure } from '../../../../figures/write-figure.js';
import { DataError, UsageError } from '../../../errors.js';
import { claimFiles, holdsOnly, inOwnFolder, type FolderKind } from '../../../files/owned-folder.js';
import { readText } from '../../../files/read-bytes.js';
import { openSealed, sealedJson } from '../../../files/sealed-json.js';
import { writeAtomically } from '../../../files/write-atomically.js';
import type { Experiment, ReproducedFigure, Scale } from './experiment.js';
import { scaleOfPage, shownFigure } from './page.js';

/** The folder of a page, its results and figures, with the runs behind them. One in which there are only folders of other pages is known too: its own page is to come. */
export const reproductionFolder: FolderKind = {
  name: 'tiny-subspace reproduction',
  subfolders: ['figures'],
  isKnown: (path) => holdsOnly(path, reproductionFolder),
};

/** A page, and the scale of the runs behind it. */
interface Place {
  readonly out: string;
  readonly scale: Scale;
}

const wayOut = 'restore it, or remove it and run reproduce, which writes it anew';

const dataPath = (out: string, id: string): string => join(out, 'figures', `${id}.json`);

/** Writes the figure and, as `<id>.json` beside it, the data it is drawn from. Throws DataError if the disk refuses. */
export function writeReproduced(
  figure: ReproducedFigure,
  data: unknown,
  { out, scale }: Place,
): Promise<WrittenFigure> {
  claimFiles(out, reproductionFolder, [relative(out, dataPath(out, figure.id))]);
  writeAtomically(dataPath(out, figure.id), sealedJson({ figure: figure.id, scale, data }));
  return drawn(figure, { out, scale });
}

/** Are there data of a figure, from runs of this scale, from which it can be drawn? Throws DataError where they were altered. */
export function hasData({ id }: ReproducedFigure, { out, scale }: Place): boolean {
  return existsSync(dataPath(out, id)) && openData(out, id).scale === scale;
}

/** The figure from the data beside it, which may be of another version: from the file, so that it is the same figure whether or not its data were just found. */
export function redrawn({ id, draw }: ReproducedFigure, place: Place): Promise<WrittenFigure> {
  return drawn(
    {
      id,
      draw(data) {
        try {
          return draw(data);
        } catch (cause) {
          if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
          throw new DataError(
            `${dataPath(place.out, id)}: the figure cannot be drawn from its data (${cause.message}), which another version may have written; ${wayOut}`,
            { cause },
          );
        }
      },
    },
    place,
  );
}

async function drawn(
  { id, draw }: Pick<ReproducedFigure, 'id' | 'draw'>,
  { out, scale }: Place,
): Promise<WrittenFigure> {
  const { fail, scale: found, data } = openData(out, id);
  if (found !== scale) fail(`its data are of a ${JSON.stringify(found)} run, and the page is of a "${scale}" one`);
  return writeFigure({ ...draw(data), id }, join(out, 'figures'), {
    owner: { folder: out, kind: reproductionFolder },
  });
}

/** The data of a figure, as they were written. Throws DataError where they are not. */
function openData(
  out: string,
  id: string,
): { readonly fail: (problem: string) => never; scale: unknown; data: unknown } {
  const path = dataPath(out, id);
  const fail = (problem: string): never => {
    throw new DataError(`${path}: ${problem}; ${wayOut}`);
  };
  const { figure, scale, data } = openSealed(readText(path, wayOut), fail);
  if (figure !== id) fail(`it holds the data of ${JSON.stringify(figure)}`);
  return { fail, scale, data };
}

/** Figures of a page that can be drawn again: none without the page. */
export function figuresWithData(experiments: readonly Experiment[], out: string): ReproducedFigure[] {
  if (!existsSync(join(out, 'README.md'))) return [];
  return experiments.flatMap(({ figures }) => figures).filter(({ id }) => existsSync(dataPath(out, id)));
}

/**
 * Draws the figures of a page again from the data beside them, and puts their titles and captions into the page. Nothing is measured.
 *
 * Throws UsageError where the folder has no page or no such data, or is in use; DataError if data cannot be read, or the page has another place for a figure.
 * Cost: a second for each figure.
 */
export async function redraw(experiments: readonly Experiment[], out: string): Promise<WrittenFigure[]> {
  const page = join(out, 'README.md');
  const there = figuresWithData(experiments, out);
  if (there.length === 0) {
    throw new UsageError(`${out} holds no page with data of figures; give the --out of a finished reproduce`);
  }
  return inOwnFolder(out, reproductionFolder, async () => {
    let text = readText(page, 'run reproduce to renew it');
    const scale = scaleOfPage(text);
    const written: WrittenFigure[] = [];
    for (const figure of there) {
      const one = await redrawn(figure, { out, scale });
      const place = new RegExp(`!\\[[^\\n]*\\]\\(figures/${figure.id}\\.png\\)\\n\\n[^\\n]*`);
      if (!place.test(text))
        throw new DataError(`${page} does not show the figure ${figure.id}; run reproduce to renew it`);
      text = text.replace(place, () => shownFigure(one).join('\n\n'));
      written.push(one);
    }
    writeAtomically(page, text);
    return written;
  });
}
