import { Command } from 'commander';
import {
  compare,
  compareDefaults,
  compareSgdNoise,
  sgdNoiseDefaults,
  type CompareDocument,
  type SgdNoiseDocument,
} from '../studies/compare/index.js';
import { compareRanges, unusedInComparison, unusedInSgdNoise } from '../studies/compare/ranges.js';
import { printLadder, runLadder } from './compare-ladder.js';
import { printSgdNoise } from './compare-sgd-noise.js';
import { printComparison } from './compare-tables.js';
import { networkRuntime } from './network-runtime.js';
import { integerIn, numberIn, numbersIn, seed, rateOverBatch } from './options.js';
import { printJson } from './output.js';
import { startProgress } from './progress.js';
import { refuseUnused } from './unused-options.js';

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
  readonly sgdNoise?: ReturnType<typeof rateOverBatch>;
  readonly runs: number;
  readonly out?: string;
  readonly verbose: boolean;
  readonly json: boolean;
}

export function compareCommand(signal: AbortSignal): Command {
  const r = compareRanges;
  const { replicas, samples, times, significance, wrongBy, extraFeatures } = compareDefaults;
  return new Command()
    .option('--classes <LIST>', 'numbers of classes k', numbersIn(...r.classes, '2,3,10'), [2, 3, 10])
    .option(
      '--noise <LIST>',
      'standard deviations σ, 0 or from 0.01/(1 − wrong) to 1',
      numbersIn(...r.noise, '0,0.1,0.3'),
      [0, 0.1, 0.3],
    )
    .option('--seeds <N>', 'how many seeds: data sets with noise, initial weights without', integerIn(...r.seeds, 3), 3)
    .option('--seed <N>', 'the first of the seeds', seed, 1)
    .option('--replicas <N>', 'independent data sets of each seed', integerIn(...r.replicas, replicas), replicas)
    .option(
      '--samples <N>',
      'samples in each data set, at least; twice as many below four classes',
      integerIn(...r.samples, samples),
      samples,
    )
    .option('--dim <N>', 'features besides the k means', integerIn(...r.dim, extraFeatures), extraFeatures)
    .option('--times <LIST>', 'flow times t = Σ η, ascending', numbersIn(...r.times, '4,12,36'), [...times])
    .option(
      '--significance <P>',
      'family-wise level of the test of the whole table',
      numberIn(...r.significance, 0.01),
      significance,
    )
    .option(
      '--wrong <R>',
      'relative error of σ, weights and bulk level in the theories that must be rejected; of a prior three times as much',
      numberIn(...r.wrong, 0.01),
      wrongBy,
    )
    .option(
      '--ladder',
      'instead: from the solvable model to MNIST in steps, beside the nearest exact predictions',
      false,
    )
    .option(
      '--sgd-noise <RATE/BATCH>',
      'instead: networks trained by SGD at this learning rate and batch size against the exact noise of SGD, b/η from 50 on; for example 0.5/64. 3 classes and σ = 0.4 unless said otherwise',
      rateOverBatch,
    )
    .option('--runs <N>', 'with --sgd-noise: runs from each start', integerIn(...r.runs, 800), sgdNoiseDefaults.runs)
    .option('--out <DIR>', 'with --ladder: folder for ladder.json and the figure from-model-to-network')
    .option('--verbose', 'print every row', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace compare\n  $ tiny-subspace compare --classes 3 --noise 0.3 --verbose\n  $ tiny-subspace compare --ladder --out ladder\n  $ tiny-subspace compare --sgd-noise 0.5/64',
    )
    .action(async (options: CompareOptions, command: Command) => {
      if (options.ladder) {
        refuseUnused(command, [
          {
            when: true,
            options: [
              ...['classes', 'noise', 'replicas', 'samples', 'dim', 'times', 'significance', 'wrong', 'verbose'],
              ...['sgdNoise', 'runs'],
            ],
            why: '--ladder has models of its own and takes only --seeds, --seed, --out and --json',
          },
        ]);
        const document = await runLadder(seedsOf(options), options.out, signal);
        if (options.json) printJson(document);
        else printLadder(document);
        return;
      }
      if (options.sgdNoise !== undefined) {
        refuseUnused(command, [
          { when: true, options: [...unusedInSgdNoise, 'out', 'verbose'], why: '--sgd-noise has runs of its own' },
        ]);
        const document = await runSgdNoise(options, options.sgdNoise, command, signal);
        if (options.json) printJson(document);
        else printSgdNoise(document);
        if (!document.ok) process.exitCode = 1;
        return;
      }
      const [runs, withoutNoise] = unusedInComparison(options);
      refuseUnused(command, [
        runs,
        { when: true, options: ['out'], why: 'it is for --ladder; redirect --json to a file instead' },
        withoutNoise,
        { when: options.json, options: ['verbose'], why: '--json has every row' },
      ]);
      const document = await runComparison(options, signal);
      if (options.json) printJson(document);
      else printComparison(document, options.verbose);
      if (!document.ok) process.exitCode = 1;
    });
}

function seedsOf({ seeds, seed: first }: CompareOptions): number[] {
  return Array.from({ length: seeds }, (_, i) => first + i);
}

/** What is not said is as `sgdNoiseDefaults` has it, 3 classes and σ = 0.4. */
async function runSgdNoise(
  options: CompareOptions,
  rule: ReturnType<typeof rateOverBatch>,
  command: Command,
  signal: AbortSignal,
): Promise<SgdNoiseDocument> {
  const said = <T>(name: string, value: T, otherwise: T): T =>
    command.getOptionValueSource(name) === 'cli' ? value : otherwise;
  const runtime = await networkRuntime();
  const bar = startProgress('compare', 100);
  try {
    return await compareSgdNoise(
      { classes: said('classes', options.classes, [3]), noises: said('noise', options.noise, [0.4]) },
      {
        ...sgdNoiseDefaults,
        learningRate: rule.learningRate,
        batch: rule.batch,
        runs: options.runs,
        seed: options.seed,
        extraFeatures: said('dim', options.dim, sgdNoiseDefaults.extraFeatures),
        significance: options.significance,
        wrongBy: said('wrong', options.wrong, sgdNoiseDefaults.wrongBy),
      },
      {
        runtime,
        signal,
        onProgress: (done, total) => {
          bar.update(Math.floor((100 * done) / total));
        },
      },
    );
  } finally {
    bar.stop();
  }
}

async function runComparison(options: CompareOptions, signal: AbortSignal): Promise<CompareDocument> {
  const runtime = await networkRuntime();
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
  }
}
