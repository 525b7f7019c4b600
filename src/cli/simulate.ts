import { Command, Option } from 'commander';
import {
  descend,
  runsStudy,
  type DescentConfig,
  type DescentMethod,
  type DescentRecord,
  type RunsStudy,
} from '../studies/simulate/index.js';
import { integerIn, numberIn, seed } from './options.js';
import { interval, printJson, printLine, printTable, short } from './output.js';
import { startProgress } from './progress.js';
import { refuseUnused } from './unused-options.js';

type SimulateOptions = Omit<DescentConfig, 'learningRate'> & {
  readonly lr: number;
  readonly runs: number;
  readonly json: boolean;
};

/** What `simulate` prints: the contract for scripts. With --runs it is a RunsStudy. */
export interface SimulateDocument {
  readonly run: DescentConfig;
  readonly records: readonly DescentRecord[];
}

const methods: readonly DescentMethod[] = ['gd', 'sgd', 'dom-sgd', 'bulk-sgd'];

export function simulateCommand(): Command {
  return new Command()
    .option('--classes <K>', 'number of classes k', integerIn(2, 1000, 5), 5)
    .option('--dim <D>', 'number of input features d', integerIn(2, 1e5, 10), 10)
    .option('--noise <S>', 'noise σ', numberIn(0.01, 10, 0.3), 0.3)
    .addOption(
      new Option('--method <M>', 'gd: exact on the population; the others on samples').choices(methods).default('sgd'),
    )
    .option('--margin <A>', 'start at W = αB', numberIn(0, 1e5, 4.5), 4.5)
    .option('--lr <ETA>', 'learning rate', numberIn(1e-9, 1e6, 2), 2)
    .option('--steps <N>', 'steps', integerIn(1, 1e7, 300), 300)
    .option('--every <N>', 'steps between records', integerIn(1, 1e7, 50), 50)
    .option('--batch <N>', 'samples per step', integerIn(1, 1e6, 200), 200)
    .option('--samples <N>', 'samples of the data set', integerIn(1, 1e6, 4000), 4000)
    .option('--online', 'fresh samples at every step (the Hessian stays that of the data set)', false)
    .option('--refresh <N>', 'steps between computations of the top-k eigenspace', integerIn(1, 1e6, 10), 10)
    .option(
      '--runs <N>',
      'from 2 on: so many runs on fresh samples, measured on the population, beside what the noise of SGD makes of the exact model',
      integerIn(1, 1e6, 1),
      1,
    )
    .option('--seed <N>', 'seed of samples and batches', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace simulate --noise 0.3 --method dom-sgd' +
        '\n  $ tiny-subspace simulate --classes 3 --dim 6 --noise 0.4 --margin 0 --lr 0.5 --batch 16 --every 100 --runs 12',
    )
    .action(async ({ lr, runs, json, ...options }: SimulateOptions, command: Command) => {
      refuseUnused(command, [
        {
          when: options.method === 'gd',
          options: ['batch', 'samples', 'online', 'runs', 'seed'],
          why: 'gd is exact, on the population',
        },
        {
          when: options.method === 'gd' || options.method === 'sgd',
          options: ['refresh'],
          why: `${options.method} follows the whole gradient`,
        },
        {
          when: runs > 1,
          options: ['samples', 'online'],
          why: 'with --runs every step has fresh samples, and gradient and Hessian are those of the population',
        },
      ]);
      if (runs > 1 && options.method !== 'gd') {
        const study = await studied({ ...options, method: options.method, learningRate: lr }, runs);
        if (json) printJson(study);
        else printStudy(study);
        return;
      }
      const config: DescentConfig = { ...options, learningRate: lr };
      const bar = startProgress('steps', config.steps);
      try {
        const records = await descend(config, ({ step }) => {
          bar.update(step);
        });
        bar.stop();
        if (json) printJson({ run: config, records } satisfies SimulateDocument);
        else printSimulation({ run: config, records });
      } finally {
        bar.stop();
      }
    });
}

/** Records at the multiples of `every`, and at the end. */
async function studied(
  options: Omit<DescentConfig, 'method'> & { readonly method: RunsStudy['run']['method'] },
  runs: number,
): Promise<RunsStudy> {
  const { classes, dim, noise, method, margin, learningRate, batch, refresh, steps, every, seed: first } = options;
  const recorded = Array.from({ length: Math.ceil(steps / every) }, (_, i) => Math.min(steps, (i + 1) * every));
  const run = { classes, dim, noise, method, margin, learningRate, batch, steps: recorded, refresh, linearised: false };
  const bar = startProgress('runs', runs);
  let done = 0;
  try {
    return await runsStudy(run, {
      runs,
      seed: first,
      onRun: () => {
        bar.update(++done);
      },
    });
  } finally {
    bar.stop();
  }
}

function printStudy({ run, runs, records }: RunsStudy): void {
  const { classes: k, dim, noise, method, batch, learningRate } = run;
  printLine(
    `${method} on fresh batches of ${batch}, ${runs} runs: ${k} classes in ${dim} dimensions, noise ${noise}, learning rate ${learningRate}`,
  );
  printLine('Gradient and Hessian of the population, beside what is expected to leading order in η/b.');
  printLine();
  printTable(
    ['step', 'margin', '', 'of the flow', 'predicted', 'measured', 'error bar', 'z'],
    records.flatMap(({ step, margin, flowTopFraction, quantities }) =>
      quantities.map(({ name, predicted, measured, standardError, z }, i) => [
        i === 0 ? String(step) : '',
        i === 0 ? short(margin) : '',
        name === 'f_top' ? `f_top(${k})` : name,
        name === 'f_top' ? interval(flowTopFraction) : '',
        interval(predicted, 4),
        short(measured, 4),
        short(standardError, 2),
        z === null ? '–' : z.toFixed(1),
      ]),
    ),
  );
  printLine();
  printLine(
    'gradient: E‖g‖²; trivial, …: its part in that sector. f_top: E‖Pg‖²/E‖g‖², P on the top eigenvectors of H at W; of the flow: without noise.',
  );
}

function printSimulation({ run, records }: SimulateDocument): void {
  const { classes: k, dim, noise, method, samples, batch, online, learningRate } = run;
  const data = method === 'gd' ? 'the population' : `${samples} samples, ${online ? 'fresh ' : ''}batches of ${batch}`;
  printLine(`${method} on ${data}: ${k} classes in ${dim} dimensions, noise ${noise}, learning rate ${learningRate}`);
  printLine();
  printTable(
    ['step', 't', 'margin', 'loss', `f_top(${k})`, 'η λ_max'],
    records.map((r) => [
      String(r.step),
      short(r.time),
      short(r.margin),
      short(r.loss),
      interval(r.topFraction),
      short(r.stability, 3),
    ]),
  );
}
