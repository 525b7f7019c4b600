import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LadderDocument } from '../src/compare/ladder-document.js';
import { mnistIsAvailable } from '../src/data/mnist.js';
import { UsageError } from '../src/errors.js';
import type { RecordedRun } from '../src/run/load-run.js';
import { lockFolder } from '../src/run/folder-lock.js';
import { measure } from '../src/run/measure.js';
import { mnistDefaults, type MeasureConfig } from '../src/run/measure-config.js';
import type { MeasureDocument } from '../src/run/measure-document.js';
import { closedForm } from './closed-form.js';
import { collapse } from './collapse.js';
import { collapseWindow } from './collapse-window.js';
import type { Figure } from './figure.js';
import { fromModelToNetworkFigure } from './from-model-to-network.js';
import { finiteSampleFigure } from './finite-sample.js';
import { networkFigure } from './network.js';
import { noisyLevelsFigure } from './noisy-levels.js';
import { phaseDiagramFigure } from './phase-diagram.js';
import { softmax } from './softmax.js';
import { spectrum } from './spectrum.js';
import { subspaceOverlapFigure } from './subspace-overlap.js';
import { verdictFlip } from './verdict-flip.js';
import { writeFigure, type WrittenFigure } from './write-figure.js';

export interface DrawOptions {
  /** Folder for the files. */
  readonly out: string;
  /** Which figures, by id; all of them if left out. */
  readonly only?: readonly string[];
  /** Of the random initial weights, and of the measurement if there is none. */
  readonly seed?: number;
  /** What the figure `softmax` draws; if left out it is measured now. */
  readonly measurement?: MeasureDocument;
  /** Called before and after each figure; with the share of it that is done, from within one that takes longer. */
  readonly onProgress?: (progress: FigureProgress) => void;
}

export interface FigureProgress {
  readonly id: string;
  readonly done: number;
  readonly total: number;
  readonly share?: number;
}

type FigureProgram = (options: {
  readonly seed: number;
  readonly measurement?: MeasureDocument;
  readonly onProgress: (share: number) => void;
}) => Figure | Promise<Figure>;

const programs: ReadonlyMap<string, FigureProgram> = new Map<string, FigureProgram>([
  ['collapse', collapse],
  ['spectrum', spectrum],
  ['closed-form', closedForm],
  ['subspace-overlap', subspaceOverlapFigure],
  ['phase-diagram', phaseDiagramFigure],
  ['noisy-levels', noisyLevelsFigure],
  ['collapse-window', collapseWindow],
  ['verdict-flip', verdictFlip],
  ['finite-sample', finiteSampleFigure],
  ['softmax', async ({ seed, measurement }) => softmax(measurement ?? (await measure(softmaxConfig(seed))))],
]);

/** The figures there are, in the order they are drawn. */
export const figureIds: readonly string[] = [...programs.keys()];

/**
 * Draws figures into a folder: PNG, SVG, the CSV of exactly what is drawn, and the caption. Each file appears as a whole; what a
 * killed run left behind is cleared away, and a rerun gives the same bytes.
 *
 * Throws UsageError for an unknown id, a folder that another process draws into, or missing optional packages (named, with the
 * command that installs them), DataError if the disk refuses. Cost: about 20 s without the measurement.
 */
export async function drawFigures(options: DrawOptions): Promise<WrittenFigure[]> {
  const { out, only = figureIds, seed = 1, measurement, onProgress } = options;
  const chosen = only.map((id) => ({ id, program: programs.get(id) ?? unknownFigure(id) }));
  const release = lockFolder(out);
  try {
    removeLeftovers(out);
    const written: WrittenFigure[] = [];
    for (const { id, program } of chosen) {
      const report = (share?: number): void =>
        onProgress?.({ id, done: written.length, total: chosen.length, ...(share !== undefined && { share }) });
      report();
      const figure = await program({ seed, onProgress: report, ...(measurement && { measurement }) });
      written.push(await writeFigure(figure, out));
      report();
    }
    return written;
  } finally {
    release();
  }
}

/** Draws the figure `network` of a training run. Throws as drawFigures does. */
export async function drawRun(run: RecordedRun, out: string): Promise<WrittenFigure> {
  const release = lockFolder(out);
  try {
    return await writeFigure(networkFigure(run), out);
  } finally {
    release();
  }
}

/** Draws the figure `from-model-to-network` of a ladder. Throws as drawFigures does. */
export async function drawLadder(document: LadderDocument, out: string): Promise<WrittenFigure> {
  const release = lockFolder(out);
  try {
    return await writeFigure(fromModelToNetworkFigure(document), out);
  } finally {
    release();
  }
}

/** What the figure `softmax` measures by itself: 3,000 MNIST images for ten epochs, or the mixture where MNIST is missing. */
export function softmaxConfig(seed: number): MeasureConfig {
  return {
    ...mnistDefaults,
    data: mnistIsAvailable()
      ? { kind: 'mnist', samples: 3_000, pixels: 'unit' }
      : { kind: 'mixture', classes: 10, dim: 50, noise: 0.1, samples: 3_000 },
    steps: 470,
    top: 10,
    window: { length: 150, every: 10 },
    seed,
  };
}

/** Throws UsageError, with a suggestion, for an id that is not a figure's. */
export function checkFigureIds(ids: readonly string[]): void {
  for (const id of ids) if (!programs.has(id)) unknownFigure(id);
}

function unknownFigure(id: string): never {
  const pairs = (text: string): Set<string> => new Set(Array.from(text, (_, i) => text.slice(i, i + 2)));
  const common = (a: string, b: string): number => [...pairs(a)].filter((pair) => pairs(b).has(pair)).length;
  const [nearest] = [...figureIds].sort((a, b) => common(b, id) - common(a, id));
  throw new UsageError(
    `there is no figure '${id}'; did you mean '${nearest!}'? The figures are ${figureIds.join(', ')}, for example --only collapse`,
  );
}

/** Temporary files of a run that was killed while it wrote: `<id>.<extension>.<number>`. The folder is locked, so nobody uses them. */
function removeLeftovers(out: string): void {
  for (const name of readdirSync(out)) {
    const match = /^(.+)\.(png|svg|csv|md)\.\d+$/.exec(name);
    if (match && programs.has(match[1]!)) rmSync(join(out, name), { force: true });
  }
}
