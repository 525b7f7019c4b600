import { gradientRecurrenceFigure, recurrenceCurves } from '../../../../figures/gradient-recurrence.js';
import {
  reproducedFigure,
  type Claim,
  type Entries,
  type Experiment,
  type Results,
  type Scale,
} from '../experiment.js';
import { exactRecurrence, trainedRecurrence, type GradientRecurrence } from '../probes/gradient-recurrence.js';
import { probeTask, type ProbeTask, type TrainTask } from '../task.js';
import { plainDescents } from './low-rank-newton.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { alignedRuns } from './aligned-runs.js';
import { seeds } from './settings.js';

const k = 10;
const rate = 0.1;
const reaches = { kind: 'at most', bound: 1.1, says: 'reaches the smallest eigenvalue of the top space' } as const;
const stays = { kind: 'at least', bound: 0.9, says: 'stays in the top space' } as const;
const exact = { classes: k, scale: 1, time: 30, relativeRate: 0.5, iterations: 100 };
const { scale: deviation, ...start } = exact;

/** From the last weights of runs. */
function recurrences(runs: readonly TrainTask[], iterations: number): ProbeTask<GradientRecurrence>[] {
  return runs.map((run) =>
    probeTask(
      trainedRecurrence,
      { config: { ...run.config, precision: 'f64' as const }, run: run.key, m: k, rate, iterations, tolerance: 1e-6 },
      { after: [run], seconds: (run.config.data.samples! / 5000) * (15 + iterations / 5) },
    ),
  );
}

const trainedTasks = (scale: Scale): ProbeTask<GradientRecurrence>[] =>
  recurrences(alignedRuns(scale), scale === 'full' ? 150 : 60);

function exactTasks(): ProbeTask<GradientRecurrence>[] {
  return seeds.map((seed) => probeTask(exactRecurrence, { ...exact, seed }, { seconds: 2 }));
}

/** vᵀHv/vᵀv of the last iterate over λ_k. */
const relative = (rayleigh: readonly number[], { eigenvalues }: GradientRecurrence): number =>
  rayleigh.at(-1)! / eigenvalues.at(-1)!;

function beside(found: readonly GradientRecurrence[]): Entries {
  const over = (of: (one: GradientRecurrence) => number): number => mean(found.map(of));
  return {
    'at first': over((one) => one.insideRayleigh[0]! / one.eigenvalues.at(-1)!),
    'λ₁/λ₁₀': over(({ eigenvalues }) => eigenvalues[0]! / eigenvalues.at(-1)!),
    'η λ₁': over((one) => one.rate * one.eigenvalues[0]!),
    iterations: found[0]!.insideRayleigh.length - 1,
  };
}

function trainedResults(results: Results, scale: Scale): GradientRecurrence[] {
  return trainedTasks(scale).map((task) => results.of(task).result);
}

const trainedClaim = (
  claim: Pick<Claim, 'id' | 'statement' | 'target'>,
  value: (found: GradientRecurrence) => number,
  reasonOf: (values: readonly number[]) => string | undefined = () => undefined,
): Claim => ({
  ...claim,
  tasks: (scale) => [...alignedRuns(scale), ...trainedTasks(scale)],
  measure: (results, scale) => {
    const found = trainedResults(results, scale);
    const runs = alignedRuns(scale).map((run) => results.of(run).result.run);
    const settings = {
      ...trainSettings(runs),
      rate,
      iterations: found[0]!.insideRayleigh.length - 1,
      precision: 'f64',
    };
    const values = found.map(value);
    const reason = reasonOf(values);
    return { values, beside: beside(found), settings, ...(reason !== undefined && { reason }) };
  },
});

/** The recurrence begins with the gradient that training itself has come to. */
const startsAt = (found: GradientRecurrence): number => found.wholeRayleigh[0]! / found.eigenvalues.at(-1)!;

/** The same for gradient descent, whose steps have no noise, as in Eq. (9). */
const descentClaim: Claim = {
  id: 'gradient-recurrence-descent',
  statement: 'network, g of gradient descent itself: f_top(10)',
  target: stays,
  tasks: (scale) => [...plainDescents(scale), ...recurrences(plainDescents(scale), 1)],
  measure: (results, scale) => {
    const found = recurrences(plainDescents(scale), 1).map((task) => results.of(task).result);
    const { 'λ₁/λ₁₀': spread, 'η λ₁': stability } = beside(found);
    const values = found.map(({ wholeTopFraction }) => wholeTopFraction[0]!);
    return {
      values,
      beside: {
        'gᵀHg/gᵀg over λ₁₀': mean(found.map(startsAt)),
        'λ₁/λ₁₀': spread!,
        'η λ₁': stability!,
      },
      ...(values.every((x) => x < stays.bound) && {
        reason:
          'without the noise of batches the gradient goes on into the bulk, as the recurrence does; what keeps that of SGD in the top space is not Eq. (9)',
      }),
      settings: trainSettings(plainDescents(scale).map((run) => results.of(run).result.run)),
    };
  },
};

const exactClaim = (
  claim: Pick<Claim, 'id' | 'statement' | 'target'>,
  value: (found: GradientRecurrence) => number,
): Claim => ({
  ...claim,
  tasks: exactTasks,
  measure: (results) => {
    const found = exactTasks().map((task) => results.of(task).result);
    return {
      values: found.map(value),
      beside: beside(found),
      settings: { ...start, weights: `N(0, ${deviation}²)`, seeds },
    };
  },
});

/** GRD18's Eq. (9): why g should move to the smallest eigenvalue of the top space. */
export const gradientRecurrence: Experiment = {
  id: 'gradient-recurrence',
  title: 'g ← (1 − ηH) g drives the gradient down the top space',
  source: 'Section 4, Eq. (9)',
  data: 'mnist',
  about:
    'The recurrence at a fixed H, with true Hessian products: from the last weights of FC 2×100 on 5000 images (η = 0.1), and in the exact model of ten classes from W(0) with entries N(0, 1) at t = 30 (η = 0.5/λ₁). Inside the top space, from g_top = P₁₀ g, the curvature vᵀHv/vᵀv of the iterate is held against λ₁₀. ' +
    'From all of g the recurrence does not stop there: eigenvalues of the bulk are not zero either, and are smaller. That the gradient of SGD stays in the top space is therefore not a consequence of Eq. (9) at fixed H. Beside them, where training itself has brought the gradient: SGD (the same weights), and gradient descent after 400 steps, which has no noise. Bounds are ours.',
  claims: [
    trainedClaim(
      { id: 'gradient-recurrence-network', statement: 'network, from g_top: vᵀHv/vᵀv over λ₁₀', target: reaches },
      (found) => relative(found.insideRayleigh, found),
    ),
    trainedClaim(
      {
        id: 'gradient-recurrence-sgd',
        statement: 'network, g of SGD itself, before the recurrence: gᵀHg/gᵀg over λ₁₀',
        target: reaches,
      },
      startsAt,
      (values) => (values.every((x) => x > reaches.bound) ? 'it has not come to the smallest eigenvalue' : undefined),
    ),
    descentClaim,
    exactClaim(
      { id: 'gradient-recurrence-exact', statement: 'exact model, from g_top: vᵀHv/vᵀv over λ₁₀', target: reaches },
      (found) => relative(found.insideRayleigh, found),
    ),
    trainedClaim(
      {
        id: 'gradient-recurrence-network-stays',
        statement: 'network, from g: f_top(10) of the last iterate',
        target: stays,
      },
      (found) => found.wholeTopFraction.at(-1)!,
      (values) =>
        values.every((x) => x < stays.bound)
          ? 'the bulk has smaller non-zero eigenvalues, so that the recurrence goes on below λ₁₀'
          : undefined,
    ),
    exactClaim(
      {
        id: 'gradient-recurrence-exact-stays',
        statement: 'exact model, from g: f_top(10) of the last iterate',
        target: stays,
      },
      (found) => found.wholeTopFraction.at(-1)!,
    ),
  ],
  figures: [
    reproducedFigure({
      id: 'gradient-recurrence',
      tasks: (scale) => [trainedTasks(scale)[0]!, exactTasks()[0]!],
      data: (results, scale) => ({
        cases: [
          recurrenceCurves(
            'network',
            `MLP 2×100 on MNIST, from its last weights, η = ${rate}`,
            trainedResults(results, scale)[0]!,
          ),
          recurrenceCurves(
            'exact model',
            `k = ${k}, W(0) random, t = ${exact.time}, η = ${exact.relativeRate}/λ₁`,
            results.of(exactTasks()[0]!).result,
          ),
        ],
      }),
      draw: gradientRecurrenceFigure,
    }),
  ],
};
