import { biasLevels, biasSnapshot, symmetricPoint } from '../../../../exact/noiseless/index.js';
import { topFraction } from '../../../../observe/index.js';
import { trainDefaults } from '../../../../train/train-config.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { TrainTask } from '../../engine/task.js';
import { gradientEnergies, type GradientEnergies } from '../../probes/gradient-energies.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

const exactClasses = [2, 3, 4, 10] as const;
const [classes, dim, noise, time] = [4, 20, 0.05, 20];

/** Softmax regression with biases from W(0) = 0, by gradient descent with η = 0.1 up to flow time 20. */
function runsOf(scale: Scale): TrainTask[] {
  const samples = scale === 'full' ? 20_000 : 4000;
  const config = {
    ...trainDefaults,
    model: 'softmax',
    bias: true,
    initialisation: 'zeros',
    data: { ...trainDefaults.data, source: `mixture:${classes},${dim},${noise},${samples}` },
    batch: null,
    steps: time / trainDefaults.schedule.rate,
    measureEvery: time / trainDefaults.schedule.rate,
    top: classes + 1,
    precision: 'f64',
    keepWeights: 'last',
  } as const;
  return seededRuns(config, scale === 'full' ? 8 : 3, [1, 2, 3]);
}

/** λ₁ … λ_{k+1} of the noiseless model with biases, multiplicities written out. */
function exactEigenvalues(): number[] {
  return biasLevels(symmetricPoint(classes, time), dim)
    .flatMap(({ value, multiplicity }) => Array.from({ length: multiplicity }, () => value))
    .slice(0, classes + 1);
}

/** How many eigenvalues lie above the gradient's. */
function largerThanGradient(k: number): number {
  const levels = biasLevels(symmetricPoint(k, time), k);
  const own = levels.find(({ sector }) => sector === 'gradient')!.value;
  return levels.filter(({ value }) => value > own).reduce((sum, { multiplicity }) => sum + multiplicity, 0);
}

function exact(): Measurement {
  return {
    values: exactClasses.map((k) => {
      const snapshot = biasSnapshot(k, k, time);
      return topFraction(snapshot, k).lower - topFraction(snapshot, k - 1).upper;
    }),
    beside: Object.fromEntries(exactClasses.map((k) => [`larger, k = ${k}`, largerThanGradient(k)])),
    settings: { classes: exactClasses, time, noise: 0 },
  };
}

function measured(runs: readonly TrainDocument[], found: readonly GradientEnergies[]): Measurement {
  const eigenvalues = exactEigenvalues();
  const pair = (i: number): string =>
    `${meanOfValues(found.map((one) => one.eigenvalues[i]!)).toPrecision(3)} (${eigenvalues[i]!.toPrecision(3)})`;
  return {
    values: found.map(({ energies }) => energies[classes - 1]!),
    beside: {
      'λ₁ (exact)': pair(0),
      'λ_{k−1}': pair(classes - 2),
      λ_k: pair(classes - 1),
      'λ_{k+1}': pair(classes),
    },
    settings: { ...trainSettings(runs.map(({ run }) => run)), time, bias: true },
  };
}

/** What biases do to the top group. */
export const biasSplit = experiment({
  id: 'bias-split',
  title: 'Biases split the top group: k − 1 larger, one smaller, the gradient in the smaller',
  source: 'Section 4 (stated, not derived there)',
  data: null,
  about:
    `Exact: the symmetric solution with biases at t = ${time}, in closed form. Measured: softmax regression with biases trained from zero by gradient descent on ${classes} Gaussian classes (d = ${dim}, σ = ${noise}), gradient and Hessian of the sample. The value is the share of the gradient in the k-th eigenvector, the smallest of the top group. ` +
    'At σ = 0 the top group would be degenerate but for the biases; with a finite sample its k − 1 larger eigenvalues are split as well. The bound is ours.',
  needs: (scale) => {
    const runs = runsOf(scale);
    const search = { top: classes + 2, tolerance: 1e-8 };
    return { runs, energies: probesAfter(runs, gradientEnergies, (weights) => ({ ...weights, ...search }), 3) };
  },
  claims: (claim) => [
    claim({
      id: 'bias-split-exact',
      statement: `exact, k = ${exactClasses.join(', ')}: f_top(k) − f_top(k − 1)`,
      target: { kind: 'at least', bound: 0.99, says: 'gradient in the smaller one' },
      uses: [],
      measure: exact,
    }),
    claim({
      id: 'bias-split-measured',
      statement: `measured, k = ${classes}: share of g in eigenvector k`,
      target: { kind: 'at least', bound: 0.9, says: 'gradient in the smaller one' },
      uses: ['runs', 'energies'],
      measure: ({ runs, energies }) => measured(runs, energies),
    }),
  ],
});
