import { Command } from 'commander';
import { join } from 'node:path';
import { checkFigureIds, drawFigures, drawRun, figureIds, softmaxConfig } from '../../figures/index.js';
import type { WrittenFigure } from '../../figures/write-figure.js';
import { loadRun } from '../run/load-run.js';
import type { MeasureDocument } from '../run/measure-document.js';
import { announceMissingMnist, runMeasure } from './measure.js';
import { seed } from './options.js';
import { printJson, printLine } from './output.js';
import { startProgress } from './progress.js';

export function figuresCommand(): Command {
  return new Command('figures')
    .description('draw the figures: PNG, SVG, the CSV of exactly what is drawn, and a caption')
    .option('--out <DIR>', 'folder for the files', 'figures-out')
    .option('--only <IDS>', `some of ${figureIds.join(', ')}`, (text) => text.split(',').map((id) => id.trim()))
    .option('--run <DIR>', 'draw the figure `network` of this run folder of train, and no other')
    .option('--seed <N>', 'seed of random initial weights', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace figures --out figures-out --only collapse,spectrum')
    .action(
      async (options: {
        readonly out: string;
        readonly only?: string[];
        readonly run?: string;
        readonly seed: number;
        readonly json: boolean;
      }) => {
        if (options.run !== undefined) {
          const drawn = [await drawRun(loadRun(options.run), options.out)];
          if (options.json) printJson({ figures: drawn });
          else printFigures(drawn);
          return;
        }
        checkFigureIds(options.only ?? []);
        const measures = options.only?.includes('softmax') ?? true;
        const measurement = measures ? await measureForFigures(options.seed, join(options.out, 'measure')) : undefined;
        const written = await runFigures({ ...options, ...(measurement && { measurement }) });
        if (options.json) printJson({ figures: written });
        else printFigures(written);
      },
    );
}

/** The measurement that the figure `softmax` shows, checkpointed in a folder of its own. */
export function measureForFigures(chosenSeed: number, out: string): Promise<MeasureDocument> {
  announceMissingMnist();
  return runMeasure(softmaxConfig(chosenSeed), out);
}

export async function runFigures(options: {
  readonly out: string;
  readonly only?: readonly string[];
  readonly seed: number;
  readonly measurement?: MeasureDocument;
}): Promise<WrittenFigure[]> {
  const { out, only, seed: chosenSeed, measurement } = options;
  const bar = startProgress('figures', (only ?? figureIds).length);
  try {
    return await drawFigures({
      out,
      seed: chosenSeed,
      ...(only && { only }),
      ...(measurement && { measurement }),
      onProgress: ({ id, done, share }) => {
        bar.update(done, share === undefined ? id : `${id}: ${Math.round(100 * share)} %`);
      },
    });
  } finally {
    bar.stop();
  }
}

export function printFigures(written: readonly WrittenFigure[]): void {
  for (const { title, files } of written) {
    printLine(title);
    for (const file of files) printLine(`    ${file}`);
  }
}
