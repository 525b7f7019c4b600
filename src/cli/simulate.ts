import { Command, Option } from 'commander';
import type { RunsStudy } from '../studies/simulate/index.js';
import {
  descentMethods,
  hasManyRuns,
  simulation,
  simulationDefaults,
  simulationRanges,
  unusedInSimulation,
  type SimulateDocument,
  type SimulationSettings,
} from '../studies/simulate/simulation.js';
import { integerIn, numberIn, seed } from './options.js';
import { interval, short } from '../numeric/short-number.js';
import { printJson, printLine, printTable } from './output.js';
import { startProgress } from './progress.js';
import { refuseUnused } from './unused-options.js';

type SimulateOptions = Omit<SimulationSettings, 'learningRate'> & {
  readonly lr: number;
  readonly json: boolean;
};

export function simulateCommand(): Command {
  const [r, d] = [simulationRanges, simulationDefaults];
  return new Command()
    .option('--classes <K>', 'number of classes k', integerIn(...r.classes, 5), d.classes)
    .option('--dim <D>', 'number of input features d', integerIn(...r.dim, 10), d.dim)
    .option('--noise <S>', 'noise σ', numberIn(...r.noise, 0.3), d.noise)
    .addOption(
      new Option('--method <M>', 'gd: exact on the population; the others on samples')
        .choices(descentMethods)
        .default(d.method),
    )
    .option('--margin <A>', 'start at W = αB', numberIn(...r.margin, 4.5), d.margin)
    .option('--lr <ETA>', 'learning rate', numberIn(...r.lr, 2), d.learningRate)
    .option('--steps <N>', 'steps', integerIn(...r.steps, 300), d.steps)
    .option('--every <N>', 'steps between records', integerIn(...r.every, 50), d.every)
    .option('--batch <N>', 'samples per step', integerIn(...r.batch, 200), d.batch)
    .option('--samples <N>', 'samples of the data set', integerIn(...r.samples, 4000), d.samples)
    .option('--online', 'fresh samples at every step (the Hessian stays that of the data set)', d.online)
    .option(
      '--refresh <N>',
      'steps between computations of the top-k eigenspace',
      integerIn(...r.refresh, 10),
      d.refresh,
    )
    .option(
      '--runs <N>',
      'from 2 on: so many runs on fresh samples, measured on the population, beside what the noise of SGD makes of the exact model',
      integerIn(...r.runs, 1),
      d.runs,
    )
    .option('--seed <N>', 'seed of samples and batches', seed, d.seed)
    .option('--json', 'print one JSON document', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tiny-subspace simulate --noise 0.3 --method dom-sgd' +
        '\n  $ tiny-subspace simulate --classes 3 --dim 6 --noise 0.4 --margin 0 --lr 0.5 --batch 16 --every 100 --runs 12',
    )
    .action(async ({ lr, json, ...options }: SimulateOptions, command: Command) => {
      refuseUnused(command, unusedInSimulation(options));
      const settings: SimulationSettings = { ...options, learningRate: lr };
      const isStudy = hasManyRuns(settings);
      const bar = isStudy ? startProgress('runs', settings.runs) : startProgress('steps', settings.steps);
      try {
        const document = await simulation(settings, (done) => {
          bar.update(done);
        });
        bar.stop();
        if (json) printJson(document);
        else if ('runs' in document) printStudy(document);
        else printSimulation(document);
      } finally {
        bar.stop();
      }
    });
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
