import { biasLevels, biasSnapshot, symmetricPoint } from '../../../exact/noiseless/index.js';
import { topFraction } from '../../../observe/index.js';
import { trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import type { Experiment, Scale } from '../experiment.js';
import { gradientEnergies, type GradientEnergies } from '../probes/gradient-energies.js';
import { probeTask, trainTask, type ProbeTask, type TrainTask } from '../task.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';

const seeds = [1, 2, 3] as const;
const exactClasses = [2, 3, 4, 10] as const;
const [classes, dim, noise, time] = [4, 20, 0.05, 20];

/** Softmax regression with biases from W(0) = 0, by gradient descent with η = 0.1 up to flow time 20. */
function runsOf(scale: Scale): TrainTask[] {
  const samples = scale === 'full' ? 20_000 : 4000;
  const config: Omit<TrainConfig, 'seed'> = {
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
  };
  return seeds.map((seed) => trainTask({ ...config, seed }, scale === 'full' ? 8 : 3));
}

function probeTasks(scale: Scale): ProbeTask<GradientEnergies>[] {
  return runsOf(scale).map((run) =>
    probeTask(
      gradientEnergies,
      { config: run.config, run: run.key, top: classes + 2, tolerance: 1e-8 },
      { after: [run], seconds: 3 },
    ),
  );
}

/** λ₁ … λ_{k+1} of the noiseless model with biases, multiplicities written out. */
function exactEigenvalues(): number[] {
  return biasLevels(symmetricPoint(classes, time), dim)
    .flatMap(({ value, multiplicity }) => Array.from({ length: multiplicity }, () => value))
    .slice(0, classes + 1);
}

/** What biases do to the top group. */
export const biasSplit: Experiment = {
  id: 'bias-split',
  title: 'Biases split the top group: k − 1 larger, one smaller, the gradient in the smaller',
  source: 'Section 4 (stated, not derived there)',
  data: null,
  about:
    `Exact: the symmetric solution with biases at t = ${time}, in closed form. Measured: softmax regression with biases trained from zero by gradient descent on ${classes} Gaussian classes (d = ${dim}, σ = ${noise}), gradient and Hessian of the sample. The value is the share of the gradient in the k-th eigenvector, the smallest of the top group. ` +
    'At σ = 0 the top group would be degenerate but for the biases; with a finite sample its k − 1 larger eigenvalues are split as well. The bound is ours.',
  claims: [
    {
      id: 'bias-split-exact',
      statement: `exact, k = ${exactClasses.join(', ')}: f_top(k) − f_top(k − 1)`,
      target: { kind: 'at least', bound: 0.99, says: 'gradient in the smaller one' },
      tasks: () => [],
      measure: () => ({
        values: exactClasses.map((k) => {
          const snapshot = biasSnapshot(k, k, time);
          return topFraction(snapshot, k).lower - topFraction(snapshot, k - 1).upper;
        }),
        beside: Object.fromEntries(exactClasses.map((k) => [`larger, k = ${k}`, largerThanGradient(k)])),
        settings: { classes: exactClasses, time, noise: 0 },
      }),
    },
    {
      id: 'bias-split-measured',
      statement: `measured, k = ${classes}: share of g in eigenvector k`,
      target: { kind: 'at least', bound: 0.9, says: 'gradient in the smaller one' },
      tasks: (scale) => [...runsOf(scale), ...probeTasks(scale)],
      measure: (results, scale) => {
        const found = probeTasks(scale).map((task) => results.of(task).result);
        const exact = exactEigenvalues();
        const pair = (i: number): string =>
          `${mean(found.map(({ eigenvalues }) => eigenvalues[i]!)).toPrecision(3)} (${exact[i]!.toPrecision(3)})`;
        return {
          values: found.map(({ energies }) => energies[classes - 1]!),
          beside: {
            'λ₁ (exact)': pair(0),
            'λ_{k−1}': pair(classes - 2),
            λ_k: pair(classes - 1),
            'λ_{k+1}': pair(classes),
          },
          settings: { ...trainSettings(runsOf(scale).map((run) => results.of(run).result.run)), time, bias: true },
        };
      },
    },
  ],
};

/** How many eigenvalues lie above the gradient's. */
function largerThanGradient(k: number): number {
  const levels = biasLevels(symmetricPoint(k, time), k);
  const own = levels.find(({ sector }) => sector === 'gradient')!.value;
  return levels.filter(({ value }) => value > own).reduce((sum, { multiplicity }) => sum + multiplicity, 0);
}
