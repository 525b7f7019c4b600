import { Command } from 'commander';
import {
  compare,
  compareDefaults,
  type CompareCell,
  type CompareDocument,
  type ComparedObservable,
} from '../compare/index.js';
import { UsageError } from '../errors.js';
import { nativeRuntime } from '../engine/index.js';
import { printLadder, runLadder } from './compare-ladder.js';
import { interruptSignal } from './interrupt.js';
import { integerIn, numberIn, numbersIn, seed } from './options.js';
import { printJson, printLine, printTable, short } from './output.js';
import { startProgress } from './progress.js';

interface CompareOptions {
  readonly classes: number[];
  readonly noise: number[];
  readonly seeds: number;
  readonly seed: number;
  readonly replicas: number;
  readonly samples: number;
  readonly dim: number;
  readonly times: number[];
  readonly significance: number;
  readonly wrong: number;
  readonly ladder: boolean;
  readonly out?: string;
  readonly verbose: boolean;
  readonly json: boolean;
}

export function compareCommand(): Command {
  const { replicas, samples, times, significance, wrongBy, extraFeatures } = compareDefaults;
  return new Command('compare')
    .description(
      'theory against the real pipeline: softmax networks trained on the model’s own data, held against the closed form; exit code 1 if they differ',
    )
    .option('--classes <LIST>', 'numbers of classes k', numbersIn(2, 19, '2,3,10'), [2, 3, 10])
    .option(
      '--noise <LIST>',
      'standard deviations σ, 0 or from 0.0103 to 1',
      numbersIn(0, 1, '0,0.1,0.3'),
      [0, 0.1, 0.3],
    )
    .option('--seeds <N>', 'how many seeds: data sets with noise, initial weights without', integerIn(1, 1000, 3), 3)
    .option('--seed <N>', 'the first of the seeds', seed, 1)
    .option('--replicas <N>', 'independent data sets of each seed', integerIn(1, 1000, replicas), replicas)
    .option('--samples <N>', 'samples in each data set, at least', integerIn(16, 1_000_000, samples), samples)
    .option('--dim <N>', 'features besides the k means', integerIn(0, 100, extraFeatures), extraFeatures)
    .option('--times <LIST>', 'flow times t = Σ η, ascending', numbersIn(0.01, 1000, '4,12,36'), [...times])
    .option(
      '--significance <P>',
      'family-wise level of the test of the whole table',
      numberIn(1e-9, 0.5, 0.01),
      significance,
    )
    .option(
      '--wrong <R>',
      'relative error of σ in the theories that must be rejected',
      numberIn(0.001, 0.5, 0.02),
      wrongBy,
    )
    .option(
      '--ladder',
      'instead: from the solvable model to MNIST in steps, beside the nearest exact predictions',
      false,
    )
    .option('--out <DIR>', 'with --ladder: folder for ladder.json and the figure from-model-to-network')
    .option('--verbose', 'print every row', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace compare\n  $ tiny-subspace compare --classes 3 --noise 0.3 --verbose\n  $ tiny-subspace compare --ladder --out ladder',
    )
    .action(async (options: CompareOptions) => {
      if (options.ladder) {
        const document = await runLadder(seedsOf(options), options.out);
        if (options.json) printJson(document);
        else printLadder(document);
        return;
      }
      if (options.out !== undefined) throw new UsageError('--out is for --ladder; redirect --json to a file instead');
      const document = await runComparison(options);
      if (options.json) printJson(document);
      else printComparison(document, options.verbose);
      if (!document.ok) process.exitCode = 1;
    });
}

function seedsOf({ seeds, seed: first }: CompareOptions): number[] {
  return Array.from({ length: seeds }, (_, i) => first + i);
}

async function runComparison(options: CompareOptions): Promise<CompareDocument> {
  const runtime = await nativeRuntime();
  const { signal, release } = interruptSignal();
  const bar = startProgress('compare', 100);
  try {
    return await compare(
      { classes: options.classes, noises: options.noise },
      {
        seeds: seedsOf(options),
        replicas: options.replicas,
        times: options.times,
        extraFeatures: options.dim,
        samples: options.samples,
        significance: options.significance,
        wrongBy: options.wrong,
      },
      {
        runtime,
        signal,
        onProgress: ({ classes, noise, done, total }) => {
          bar.update(Math.floor((100 * done) / total), `k = ${classes}, σ = ${noise}`);
        },
      },
    );
  } finally {
    bar.stop();
    release();
  }
}

export function printComparison(
  { settings, tests, cells, rejectedWrongTheory, ok }: CompareDocument,
  verbose: boolean,
): void {
  const noiseless = cells.filter(({ noise }) => noise === 0);
  const noisy = cells.filter(({ noise }) => noise > 0);
  if (noiseless.length > 0) printNoiseless(noiseless);
  if (noisy.length > 0) {
    if (noiseless.length > 0) printLine();
    printNoisy(noisy, settings.significance, tests);
  }
  for (const cell of verbose ? cells : []) printRows(cell);
  printLine();
  const differing = cells.filter((cell) => !cell.ok).map(({ classes, noise }) => `k = ${classes}, σ = ${noise}`);
  printLine(
    differing.length === 0 ? 'Theory and networks agree in every cell.' : `THEY DIFFER at ${differing.join('; ')}.`,
  );
  if (rejectedWrongTheory !== null) {
    const off = `${short(100 * settings.wrongBy)} %`;
    printLine(
      rejectedWrongTheory
        ? `Theories with σ off by ${off} are rejected in every cell with noise.`
        : `Theories with σ off by ${off} are NOT REJECTED everywhere: more --replicas or --samples are needed.`,
    );
  }
  if (!ok) printLine('With --verbose every row is shown.');
}

function printNoiseless(cells: readonly CompareCell[]): void {
  printLine('Without noise: step error ∝ η^slope, and what is left after extrapolation to η = 0');
  printLine();
  printTable(
    [
      'k',
      'rows',
      'slopes',
      'extrapolated',
      'step error, finest η',
      'largest |measured − exact|',
      'allowed there',
      'agree',
    ],
    cells.map(({ classes, observables, order, ok }) => {
      const worst = observables.reduce((most, r) => (errorOf(r) / r.bound! > errorOf(most) / most.bound! ? r : most));
      const largest = observables.reduce((most, r) => Math.max(most, errorOf(r)), 0);
      return [
        String(classes),
        String(observables.length),
        range(order.map(({ slope }) => slope)),
        range(order.map(({ extrapolatedSlope }) => extrapolatedSlope)),
        short(Math.max(...order.map(({ errors }) => errors[0]!)), 2),
        short(largest, 2),
        `${short(errorOf(worst) / worst.bound!, 2)} of the bound`,
        ok ? 'yes' : 'NO',
      ];
    }),
  );
}

function printNoisy(cells: readonly CompareCell[], significance: number, tests: number): void {
  printLine(
    `With noise: z-scores; the table of ${tests} tests is held at a level of ${short(100 * significance)} % (Bonferroni, Student t)`,
  );
  printLine();
  printTable(
    ['k', 'σ', 'n', 'replicas', 'tested', 'largest |z|', 'rms z', 'critical', 'σ too large', 'σ too small', 'agree'],
    cells.map((cell) => {
      const tested = cell.observables.filter((r) => r.tested);
      return [
        String(cell.classes),
        String(cell.noise),
        String(cell.samples),
        String(cell.degreesOfFreedom! + 1),
        `${tested.length} of ${cell.observables.length}`,
        Math.abs(cell.largestZ!).toFixed(2),
        Math.sqrt(tested.reduce((sum, { z }) => sum + z! ** 2, 0) / tested.length).toFixed(2),
        cell.criticalZ!.toFixed(2),
        ...cell.wrongTheories.map((w) => `${Math.abs(w.largest.z).toFixed(1)}${w.rejected ? '' : ' NOT REJECTED'}`),
        cell.ok ? 'yes' : 'NO',
      ];
    }),
  );
}

function printRows({ classes, noise, observables, order }: CompareCell): void {
  printLine();
  printLine(`k = ${classes}, σ = ${noise}`);
  printLine();
  printTable(
    noise === 0
      ? ['method', 'W(0)', 't', 'observable', 'exact', 'measured', 'difference', 'allowed', '']
      : ['method', 't', 'observable', 'exact', 'measured', 'error bar', 'z', 'remainder', ''],
    observables.map((r) =>
      noise === 0
        ? [
            r.method,
            r.start === 'zero' ? '0' : `seed ${r.start}`,
            String(r.time),
            r.name,
            short(r.exact, 8),
            short(r.measured, 8),
            short(r.measured - r.exact, 2),
            short(r.bound!, 2),
            r.ok ? '' : 'DIFFERS',
          ]
        : [
            r.method,
            String(r.time),
            r.name,
            short(r.exact, 5),
            short(r.measured, 5),
            short(r.standardError!, 2),
            r.z!.toFixed(2),
            r.remainder!.toFixed(2),
            r.ok ? (r.tested ? '' : 'not tested') : 'DIFFERS',
          ],
    ),
  );
  if (order.length === 0) return;
  printLine();
  printTable(
    ['method', 'observable', ...order[0]!.steps.map((h) => `error, η = ${short(h)}`), 'slope', 'extrapolated'],
    order.map(({ name, method, errors, slope, extrapolatedSlope }) => [
      method,
      name,
      ...errors.map((e) => short(e, 3)),
      slope === null ? 'exact' : slope.toFixed(3),
      extrapolatedSlope === null ? '–' : extrapolatedSlope.toFixed(2),
    ]),
  );
}

function errorOf({ measured, exact }: ComparedObservable): number {
  return Math.abs(measured - exact);
}

function range(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? '–' : `${Math.min(...known).toFixed(3)}–${Math.max(...known).toFixed(3)}`;
}
