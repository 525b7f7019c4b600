import type { LadderDocument } from '../src/studies/ladder/ladder-document.js';
import { inOwnFolder } from '../src/files/owned-folder.js';
import type { RecordedRun } from '../src/train/load-run.js';
import type { Figure } from './figure.js';
import { fromModelToNetworkFigure } from './from-model-to-network.js';
import { networkFigure } from './network.js';
import { networkData } from './network-data.js';
import type { FigureValues } from './parameters.js';
import { chosenFigures, figureIds } from './programs.js';
import { recordsFigure } from './records.js';
import type { RenderOptions } from './render.js';
import { figuresFolder, writeFigure, type WrittenFigure } from './write-figure.js';

export interface DrawOptions extends RenderOptions {
  /** Folder for the files. */
  readonly out: string;
  /** Which figures, by id; all of them if left out. */
  readonly only?: readonly string[];
  /** Of the random initial weights; 1 if left out. */
  readonly seed?: number;
  /** Parameters, which all of the figures must take. */
  readonly values?: FigureValues;
  /** Called before and after each figure; with the share of it that is done, from within one that takes longer. */
  readonly onProgress?: (progress: FigureProgress) => void;
  /** Stops between two figures; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** How far the drawing is: the figure `id`, `done` of `total` figures, and the `share` of this one where it takes long. */
export interface FigureProgress {
  readonly id: string;
  readonly done: number;
  readonly total: number;
  readonly share?: number;
}

/**
 * Draws figures into a folder: PNG, SVG, the CSV of exactly what is drawn, the caption, and a PDF if asked for. Each file appears as a
 * whole; what a killed run left behind is cleared away, and a rerun gives the same bytes.
 *
 * Throws UsageError for an unknown id, a parameter that one of the figures does not take, a folder that another process draws into or that holds something else,
 * or missing optional packages (named, with the command that installs them), DataError if the disk refuses. Cost: about 25 s.
 */
export async function drawFigures(options: DrawOptions): Promise<WrittenFigure[]> {
  const { out, only = figureIds, seed, values: given = {}, onProgress, signal, ...rendering } = options;
  const chosen = chosenFigures(only, { ...given, ...(seed !== undefined && { seed }) });
  return inOwnFolder(out, figuresFolder, async () => {
    const written: WrittenFigure[] = [];
    for (const { id, program, values } of chosen) {
      await stopIfAsked(signal);
      const report = (share?: number): void =>
        onProgress?.({ id, done: written.length, total: chosen.length, ...(share !== undefined && { share }) });
      report();
      const figure = await program.draw({
        ...values,
        seed: seed ?? 1,
        onProgress: report,
      });
      written.push(await writeFigure(figure, out, rendering));
      report();
    }
    await stopIfAsked(signal);
    return written;
  });
}

/** Lets a signal arrive, and rejects with its reason where one did. */
async function stopIfAsked(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

/** Draws the figure `network` of a training run, or the columns of its records that are to be shown, as the figure `records`. Throws as drawFigures does. */
export function drawRun(
  run: RecordedRun,
  out: string,
  { show, ...options }: RenderOptions & { readonly show?: readonly string[] } = {},
): Promise<WrittenFigure> {
  return drawOne(show === undefined ? networkFigure(networkData(run)) : recordsFigure(run, show), out, options);
}

/** Draws the figure `from-model-to-network` of a ladder. Throws as drawFigures does. */
export function drawLadder(document: LadderDocument, out: string, options: RenderOptions = {}): Promise<WrittenFigure> {
  return drawOne(fromModelToNetworkFigure(document), out, options);
}

function drawOne(figure: Figure, out: string, options: RenderOptions): Promise<WrittenFigure> {
  return inOwnFolder(out, figuresFolder, () => writeFigure(figure, out, options));
}
