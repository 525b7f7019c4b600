import { Command } from 'commander';
import { drawFigures, drawRun } from '../../figures/draw-figures.js';
import { figureParameters, parameterNames, type FigureParameter, type FigureValues } from '../../figures/parameters.js';
import { chosenFigures, figureIds, parametersHelp } from '../../figures/programs.js';
import type { RenderOptions } from '../../figures/render.js';
import type { WrittenFigure } from '../../figures/write-figure.js';
import { UsageError } from '../errors.js';
import { loadRun } from '../train/load-run.js';
import { integerIn, nameList, numberIn, seed } from './options.js';
import { printJson, printLine } from './output.js';
import { startProgress } from './progress.js';

interface FiguresOptions extends FigureValues, RenderOptions {
  readonly out: string;
  readonly only?: string[];
  readonly run?: string;
  readonly show?: string[];
  readonly seed?: number;
  readonly json: boolean;
}

export function figuresCommand(signal: AbortSignal): Command {
  const command = new Command()
    .option('--out <DIR>', 'folder for the files', 'figures-out')
    .option('--only <IDS>', `some of ${figureIds.join(', ')}`, nameList)
    .option('--run <DIR>', 'draw the figure `network` of this run folder of train, and no other')
    .option('--show <IDS>', 'with --run: draw these columns of its records instead; train --help names them', nameList)
    .option('--pdf', 'a PDF as well, with text as text and its font embedded', false)
    .option('--svg-text', 'text of the SVG as text, to be edited, instead of outlines', false)
    .option('--seed <N>', 'seed of random initial weights (default: 1)', seed);
  for (const name of parameterNames) {
    const { symbol, about, isInteger, low, high } = figureParameters[name];
    const example = taking(name)[0]!.value;
    command.option(
      `--${name} <${symbol}>`,
      `${about}, of ${taking(name)
        .map(({ id, value }) => `${id} (${value})`)
        .join(', ')}`,
      (isInteger ? integerIn : numberIn)(low, high, example),
    );
  }
  return command
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      `\nParameters of each figure, with their defaults; all the figures that are drawn must take those given:\n${parametersHelp()}\n\n` +
        'Examples:\n  $ tiny-subspace figures --out figures-out --only collapse,spectrum\n' +
        '  $ tiny-subspace figures --only phase-diagram --classes 5 --pdf',
    )
    .action(async (options: FiguresOptions) => {
      if (options.run === undefined && options.show !== undefined) {
        throw new UsageError('--show chooses columns of the records of a run; add --run DIR, or leave it out');
      }
      const written =
        options.run === undefined ? await runChosen(options, signal) : [await runOfTrain(options, options.run)];
      if (options.json) printJson({ figures: written });
      else printFigures(written);
    });
}

/** The figures that take a parameter, with their defaults. */
function taking(name: FigureParameter): { readonly id: string; readonly value: number }[] {
  return chosenFigures(figureIds, {}).flatMap(({ id, values }) =>
    values[name] === undefined ? [] : [{ id, value: values[name] }],
  );
}

function valuesGiven(options: FigureValues): FigureValues {
  return Object.fromEntries(
    parameterNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const])),
  );
}

function runChosen(options: FiguresOptions, signal: AbortSignal): Promise<WrittenFigure[]> {
  const { out, only, pdf = false, svgText = false, seed: chosenSeed } = options;
  const values = valuesGiven(options);
  return runFigures({
    out,
    values,
    pdf,
    svgText,
    signal,
    ...(only && { only }),
    ...(chosenSeed !== undefined && { seed: chosenSeed }),
  });
}

function runOfTrain(options: FiguresOptions, folder: string): Promise<WrittenFigure> {
  const given = [
    ...(options.only === undefined ? [] : ['only']),
    ...(options.seed === undefined ? [] : ['seed']),
    ...Object.keys(valuesGiven(options)),
  ];
  if (given.length > 0) {
    throw new UsageError(
      `--run draws what was recorded, and takes no ${given.map((name) => `--${name}`).join(', ')}; leave it out, or --run`,
    );
  }
  const { pdf = false, svgText = false, show } = options;
  return drawRun(loadRun(folder), options.out, { pdf, svgText, ...(show && { show }) });
}

export async function runFigures(
  options: Omit<Parameters<typeof drawFigures>[0], 'onProgress'>,
): Promise<WrittenFigure[]> {
  const bar = startProgress('figures', (options.only ?? figureIds).length);
  try {
    return await drawFigures({
      ...options,
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
