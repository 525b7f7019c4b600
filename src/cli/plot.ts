import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { RenderOptions } from '../../figures/render.js';
import { sweepFigure } from '../../figures/sweep-figure.js';
import type { SweepFigureOptions } from '../../figures/sweep-options.js';
import { figuresFolder, writeFigure } from '../../figures/write-figure.js';
import { DataError, UsageError } from '../errors.js';
import { inOwnFolder } from '../files/owned-folder.js';
import { errorKinds, type ErrorKind } from '../studies/sweep/plot/index.js';
import { readTable } from '../studies/sweep/table/read-table.js';
import type { Table } from '../studies/sweep/table.js';
import { printFigures } from './figures.js';
import { nameList } from './options.js';
import { printJson } from './output.js';

interface PlotOptions
  extends
    RenderOptions,
    Pick<SweepFigureOptions, 'x' | 'y' | 'color' | 'facet' | 'kind' | 'value' | 'where' | 'with' | 'title' | 'log'> {
  readonly over?: string;
  readonly overY?: string;
  readonly error?: ErrorKind;
  readonly out: string;
  readonly name?: string;
  readonly json: boolean;
}

export function plotCommand(signal: AbortSignal): Command {
  return new Command()
    .argument('<PATH>', 'folder of a sweep, or a table of your own: .csv or .parquet')
    .requiredOption('--x <COLUMN>', 'what is along the horizontal axis: an axis of the sweep, step or time')
    .requiredOption('--y <COLUMN>', 'what the curves show; topFraction means the interval topFraction.lower to .upper')
    .option('--color <COLUMN>', 'a curve for each value, at most 12')
    .option('--facet <COLUMN>', 'a panel for each value, at most 8')
    .option('--log <AXES>', 'logarithmic axes: x, y, or x,y; value for the colours of a heat map', axes)
    .addOption(
      new Option('--kind <KIND>', 'curves, or colours over the axes x and y')
        .choices(['lines', 'heatmap'])
        .default('lines'),
    )
    .option('--value <COLUMN>', 'what the colours of a heat map show')
    .option(
      '--where <CONDITION>',
      "rows with lr=0.1, model!=softmax, 'step>=500', step=last; may be repeated",
      collected,
    )
    .option('--with <COLUMNS>', 'further columns, dashed in the same colours', nameList)
    .option('--over <PATH>', 'another sweep whose y is laid over, dashed, matched on the columns that both have')
    .option('--over-y <COLUMN>', 'another column of that sweep than y')
    .addOption(
      new Option(
        '--error <KIND>',
        'error bars over seeds: standard error (the default), standard deviation, 95 % interval of the mean',
      ).choices(errorKinds),
    )
    .option('--title <TEXT>', 'above the picture, and of its page')
    .option('--out <DIR>', 'folder for the files', 'figures-out')
    .option('--name <ID>', 'what the files are called (default: sweep)', fileName)
    .option('--pdf', 'a PDF as well, with text as text and its font embedded', false)
    .option('--svg-text', 'text of the SVG as text, to be edited, instead of outlines', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nPoints are means over seeds. An axis with several values is drawn (--x, --color, --facet) or fixed (--where), never averaged over. Of runs with several records the last one counts, unless' +
        "\n--x is step or time or --where speaks of them: 'step>=500' takes the mean of these records in each run first. A column exact.COLUMN is drawn beside COLUMN where it has values." +
        '\n\nExamples:\n  $ tiny-subspace plot study --x batch --y topFraction --color lr --log x --facet model' +
        '\n  $ tiny-subspace plot study --x step --y loss --color batch --where lr=0.1 --log y --name loss --out figures-out' +
        '\n  $ tiny-subspace plot study --kind heatmap --x lr --y batch --value topFraction',
    )
    .action(async (path: string, options: PlotOptions) => {
      const { out, over, overY, name, json, pdf = false, svgText = false, ...drawn } = options;
      if (overY !== undefined && over === undefined)
        throw new UsageError('--over-y is a column of another sweep: add --over DIR, or leave it out');
      const figure = sweepFigure(await tableOf(path), {
        ...drawn,
        ...(name !== undefined && { id: name }),
        ...(over !== undefined && { over: { table: await tableOf(over), ...(overY !== undefined && { y: overY }) } }),
      });
      signal.throwIfAborted();
      const written = await inOwnFolder(out, figuresFolder, () => writeFigure(figure, out, { pdf, svgText }));
      if (json) printJson({ figures: [written] });
      else printFigures([written]);
    });
}

/** Names of the table in the folder of a sweep, the first that is there. */
const tableNames = ['results.parquet', 'results.csv'];

/** The table of a sweep's folder, or of a file. Throws DataError where there is none. */
function tableOf(path: string): Promise<Table> {
  if (!existsSync(path))
    throw new DataError(`${path} is not there; name the folder of a sweep, or a .csv or .parquet file`);
  if (!statSync(path).isDirectory()) return readTable(path);
  const found = tableNames.map((name) => join(path, name)).find((file) => existsSync(file));
  if (found !== undefined) return readTable(found);
  throw new DataError(
    `${path} has no results: neither ${tableNames.join(' nor ')} is in it; run the sweep first (tiny-subspace sweep … --out ${path}), or name another folder`,
  );
}

function axes(text: string): ('x' | 'y' | 'value')[] {
  return nameList(text).map((name) => {
    if (name === 'x' || name === 'y' || name === 'value') return name;
    throw new InvalidArgumentError(
      `'${name}' is no axis. It must be x, y, or x,y, or value for the colours of a heat map.`,
    );
  });
}

const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function fileName(text: string): string {
  if (/^[A-Za-z0-9][\w-]*$/.test(text) && text !== 'manifest') return text;
  throw new InvalidArgumentError(
    'It must be a name of letters, digits, - and _ for files, for example batch-and-rate.',
  );
}
