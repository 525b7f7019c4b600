import { z } from 'zod';
import { UsageError } from '../../../errors.js';
import { compare, compareDefaults, type CompareDocument } from '../../compare/index.js';
import { compareSgdNoise, sgdNoiseDefaults, type SgdNoiseDocument } from '../../compare/index.js';
import { compareRanges, unusedInComparison, unusedInSgdNoise } from '../../compare/ranges.js';
import { timeGrid } from '../../compare/time-grid.js';
import { parseRateOverBatch } from '../../solve/rate-over-batch.js';
import { sweptCommand } from '../command.js';
import type { Cell, ResultColumn } from '../table.js';
import { flatCommand, integerWithin, listWithin, numberWithin, seedSchema, textOf } from './flat-command.js';
import { numberColumns } from './number-columns.js';

const r = compareRanges;
const schema = z.strictObject({
  classes: z.array(integerWithin(r.classes)).min(1),
  noise: listWithin(r.noise),
  seeds: integerWithin(r.seeds),
  seed: seedSchema,
  replicas: integerWithin(r.replicas),
  samples: integerWithin(r.samples),
  dim: integerWithin(r.dim),
  times: listWithin(r.times),
  significance: numberWithin(r.significance),
  wrong: numberWithin(r.wrong),
  sgdNoise: textOf(parseRateOverBatch, 'RATE/BATCH').optional(),
  runs: integerWithin(r.runs),
});

type CompareConfig = z.infer<typeof schema>;

/** As the command line has them: those of the noise of SGD are its own. */
function defaults(given: ReadonlySet<string>): CompareConfig {
  const { replicas, samples, times, significance, wrongBy, extraFeatures } = compareDefaults;
  const ofNoise = { classes: [3], noise: [0.4], dim: sgdNoiseDefaults.extraFeatures, wrong: sgdNoiseDefaults.wrongBy };
  return {
    ...{ classes: [2, 3, 10], noise: [0, 0.1, 0.3], seeds: 3, seed: 1, replicas, samples, dim: extraFeatures },
    ...{ times: [...times], significance, wrong: wrongBy, runs: sgdNoiseDefaults.runs },
    ...(given.has('sgdNoise') ? ofNoise : {}),
  };
}

const unused = (config: CompareConfig) =>
  config.sgdNoise === undefined
    ? unusedInComparison(config)
    : [{ when: true, options: unusedInSgdNoise, why: 'with sgdNoise a comparison has runs of its own' }];

const columns: readonly ResultColumn[] = [
  { name: 'cell.classes', type: 'integer', meaning: 'k of the cell' },
  ...numberColumns({ 'cell.noise': 'σ of the cell' }),
  { name: 'cell.dim', type: 'integer', meaning: 'd of the cell' },
  { name: 'method', type: 'string', meaning: 'how the network was trained; data: a moment of the samples themselves' },
  { name: 'start', type: 'string', meaning: 'W(0): zero, bayes, or the seed it was drawn from' },
  ...numberColumns({ time: 'flow time; none for a mean over steps' }),
  { name: 'quantity', type: 'string', meaning: 'what is compared' },
  ...numberColumns({
    'exact.lower': 'of the closed form: lower end',
    'exact.upper': 'of the closed form: upper end',
    measured: 'of the networks',
    standardError: 'of the measured value; none where nothing is random',
    z: '(measured − exact)/standardError; none where nothing is random',
    bound: '|measured − exact| that is allowed, without noise',
  }),
  { name: 'tested', type: 'boolean', meaning: 'whether the row is one of the tests of the table' },
  { name: 'ok', type: 'boolean', meaning: 'whether theory and networks agree' },
];

/** Theory against the pipeline, a row for each observable that is compared. */
export const compareSwept = sweptCommand<CompareConfig, CompareDocument | SgdNoiseDocument>({
  name: 'compare',
  ...flatCommand<CompareConfig>({ schema, defaults, unused, check }),
  titleOf: ({ classes, noise, seed }) => `compare ${classes.join(' ')} noise ${noise.join(' ')} seed ${seed}`,
  estimate: ({ classes, noise, sgdNoise, runs, seeds, replicas }) =>
    Promise.resolve({
      seconds: classes.length * noise.length * (sgdNoise === undefined ? seeds * (1 + 0.3 * replicas) : 0.06 * runs),
      memory: 4e8,
    }),
  work: {
    name: 'compare',
    revision: 1,
    keepsFolder: false,
    async run({ config }, { runtime, signal, onProgress }) {
      const grid = { classes: config.classes, noises: config.noise };
      const { seed, significance, wrong: wrongBy, dim: extraFeatures, sgdNoise } = config;
      if (sgdNoise !== undefined) {
        const settings = { ...sgdNoiseDefaults, ...parseRateOverBatch(sgdNoise)!, runs: config.runs };
        return compareSgdNoise(
          grid,
          { ...settings, seed, significance, wrongBy, extraFeatures },
          {
            runtime: await runtime(),
            signal,
            onProgress: (done, total) => {
              onProgress(done / total);
            },
          },
        );
      }
      const { replicas, times, samples } = config;
      const seeds = Array.from({ length: config.seeds }, (_, i) => seed + i);
      return compare(
        grid,
        { seeds, replicas, times, extraFeatures, samples, significance, wrongBy },
        {
          runtime: await runtime(),
          signal,
          onProgress: ({ done, total }) => {
            onProgress(done / total);
          },
        },
      );
    },
  },
  by: ['cell.classes', 'cell.noise', 'method', 'start', 'time', 'quantity'],
  shown: ['exact', 'measured', 'standardError', 'z', 'ok'],
  columns: () => columns,
  rows: (document) =>
    'learningRate' in document.settings
      ? noiseRows(document as SgdNoiseDocument)
      : flowRows(document as CompareDocument),
});

/** What `compare` refuses once it runs, as far as it is simple. */
function check({ classes, dim, times, sgdNoise }: CompareConfig): void {
  if (sgdNoise === undefined) timeGrid(times, 1, 1);
  const k = Math.max(...classes);
  if (k * (k + dim) <= 400) return;
  throw new UsageError(
    `compare diagonalises the whole Hessian, of k·dim ≤ 400 rows: received k = ${k}, dim = ${k + dim}`,
  );
}

function flowRows({ cells }: CompareDocument): Record<string, Cell>[] {
  return cells.flatMap(({ classes, noise, dim, observables }) =>
    observables.map(({ name, method, start, time, exact, measured, standardError, z: score, bound, tested, ok }) => ({
      ...{ 'cell.classes': classes, 'cell.noise': noise, 'cell.dim': dim, method, start: String(start), time },
      ...{ quantity: name, 'exact.lower': exact, 'exact.upper': exact, measured, standardError, z: score, bound },
      ...{ tested, ok },
    })),
  );
}

function noiseRows({ cells }: SgdNoiseDocument): Record<string, Cell>[] {
  return cells.flatMap(({ classes, noise, dim, start, rows }) =>
    rows.map(({ name, exact, measured, standardError, z: score, tested, ok }) => ({
      ...{ 'cell.classes': classes, 'cell.noise': noise, 'cell.dim': dim, method: 'sgd', start },
      ...{ quantity: name, 'exact.lower': exact.lower, 'exact.upper': exact.upper, measured, standardError, z: score },
      ...{ tested, ok },
    })),
  );
}
