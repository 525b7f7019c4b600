import { Command, Option } from 'commander';
import { descend, type DescentConfig, type DescentMethod, type DescentRecord } from '../studies/simulate/index.js';
import { integerIn, numberIn, seed } from './options.js';
import { interval, printJson, printLine, printTable, short } from './output.js';
import { startProgress } from './progress.js';
import { refuseUnused } from './unused-options.js';

type SimulateOptions = Omit<DescentConfig, 'learningRate'> & { readonly lr: number; readonly json: boolean };

/** What `simulate` prints: the contract for scripts. */
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
    .option('--seed <N>', 'seed of samples and batches', seed, 1)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace simulate --noise 0.3 --method dom-sgd')
    .action(async ({ lr, json, ...options }: SimulateOptions, command: Command) => {
      refuseUnused(command, [
        {
          when: options.method === 'gd',
          options: ['batch', 'samples', 'online', 'seed'],
          why: 'gd is exact, on the population',
        },
        {
          when: options.method === 'gd' || options.method === 'sgd',
          options: ['refresh'],
          why: `${options.method} follows the whole gradient`,
        },
      ]);
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
