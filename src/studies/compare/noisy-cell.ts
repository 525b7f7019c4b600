import { NumericalError } from '../../errors.js';
import { controlledMean } from '../../numeric/statistics/controlled-mean.js';
import { studentQuantile, studentTail } from '../../numeric/statistics/student-t.js';
import { controlNames, controlsOf, expectedControls, type ControlName, type Controls } from './controls.js';
import type { CompareCell, ComparedObservable, WrongTheory } from './document.js';
import { noisyValues, relativeGaps } from './exact-values.js';
import { observableNames, type Values } from './observables.js';
import { replica, type Replica } from './replica.js';
import type { CompareSettings, CompareMethod } from './settings.js';
import type { SoftmaxNetwork } from './softmax-network.js';
import { timeGrid } from './time-grid.js';
import { wrongTheories } from './wrong-theories.js';

/** Rungs of the extrapolation, and the longest step on the coarsest. */
const rungs = 3;
const largestStep = 0.5;

/** What was measured of a model, before it is judged. */
export interface NoisyMeasurement {
  readonly model: { readonly classes: number; readonly dim: number; readonly noise: number };
  readonly settings: CompareSettings;
  readonly replicas: readonly Replica[];
}

/** Every replica of every seed. Cost: `replica`, each. */
export async function measureNoisy(
  network: SoftmaxNetwork,
  model: NoisyMeasurement['model'],
  settings: CompareSettings,
  { signal, onReplica }: { readonly signal?: AbortSignal; readonly onReplica?: () => void } = {},
): Promise<NoisyMeasurement> {
  const { classes, dim, noise } = model;
  const grid = timeGrid(settings.times, largestStep, rungs);
  const { samples } = sampleSize(model, settings);
  const options = { ...model, samples, grid, rungs, eigenvectors: resolvedTimes(model, settings) };
  const replicas: Replica[] = [];
  for (const seed of settings.seeds) {
    for (let index = 0; index < settings.replicas; index++) {
      const key = [classes, dim, noise, index];
      replicas.push(await replica(network, { ...options, key, seed, ...(signal && { signal }) }));
      onReplica?.();
    }
  }
  return { model, settings, replicas };
}

/**
 * The samples of a replica, and the batch that takes them in one pass. The fewer classes, the cheaper a sample and the fewer independent entries an observable
 * averages over: below four classes there are twice as many.
 */
function sampleSize(
  { classes }: NoisyMeasurement['model'],
  settings: CompareSettings,
): { readonly samples: number; readonly batch: number } {
  const steps = timeGrid(settings.times, largestStep, rungs).finestSteps.at(-1)!;
  const batch = Math.ceil((settings.samples * (classes < 4 ? 2 : 1)) / steps);
  return { samples: batch * steps, batch };
}

/**
 * Observables of the sample's own eigenvectors (the top level, f_top) are power series in 1/n only where the gap at the cut exceeds the fluctuations of the
 * sampled Hessian, of relative size √(r/n) in operator norm, r = k(k−1) the rank on the mean space (Vershynin 2018, Theorem 4.7.1). They
 * are measured where this holds on the coarsest rung. The rule looks at theory and n alone, not at what was measured.
 */
function resolvedTimes(model: NoisyMeasurement['model'], settings: CompareSettings): boolean[] {
  const { classes: k } = model;
  const coarsest = sampleSize(model, settings).samples / 2 ** (rungs - 1);
  return relativeGaps(model, settings.times).map((gap) => gap > Math.sqrt((k * (k - 1)) / coarsest));
}

/**
 * Rows against the values of a theory at each time, by default those of the model; and the moments of the samples against what they are
 * drawn from. Not yet judged: `ok` is true.
 */
export function noisyRows(
  { model, settings, replicas }: NoisyMeasurement,
  exact: readonly Values[] = noisyValues(model, settings.times),
): ComparedObservable[] {
  const rows = (['gd', 'sgd'] as const).flatMap((method) =>
    settings.times.flatMap((time, at) =>
      observableNames.flatMap((name) => {
        const values = replicas.map((r) => r[method][at]![name]);
        const expected = exact[at]![name];
        if (expected === undefined || values.some((value) => value === undefined)) return [];
        const orders = values.map((value) => value!.orders);
        const known = replicas.map(({ controls }) => controls[method][at]!);
        return [row({ name, method, time, exact: expected }, orders, known, controlsOf(name))];
      }),
    ),
  );
  const expected = expectedControls(model);
  const ofData = controlNames.flatMap((name) => {
    const mean = expected[name];
    if (mean === undefined) return [];
    const values = replicas.map(({ controls }) => [mean + controls.gd[0]![name]!]);
    return [row({ name, method: 'data', time: 0, exact: mean }, values, [], [])];
  });
  return [...ofData, ...rows];
}

/** `orders` of each replica: what was measured after each order of the extrapolation. At least half of the replicas are left to tell the spread. */
function row(
  what: {
    readonly name: string;
    readonly method: CompareMethod | 'data';
    readonly time: number;
    readonly exact: number;
  },
  orders: readonly (readonly number[])[],
  known: readonly Controls[],
  names: readonly ControlName[],
): ComparedObservable {
  const used = names.slice(0, Math.floor((orders.length - 2) / 2));
  const average = controlledMean(used.map((name) => known.map((controls) => controls[name]!)));
  const means = orders[0]!.map((_, m) => average(orders.map((values) => values[m]!)));
  const { mean: measured, standardError: sampled, degreesOfFreedom } = means.at(-1)!;
  // With rounding: where an observable is fixed by symmetry (f_top with d = k = 2), the replicas differ by nothing else.
  const standardError = Math.hypot(sampled, 1e-12 * (1 + Math.abs(what.exact)));
  const z = (measured - what.exact) / standardError;
  const remainder = remainderOf(means.map(({ mean }) => mean)) / standardError;
  return {
    ...what,
    start: 'zero',
    measured,
    standardError,
    uncontrolledError: controlledMean([])(orders.map((values) => values.at(-1)!)).standardError,
    degreesOfFreedom,
    z,
    p: studentTail(z, degreesOfFreedom),
    bound: null,
    remainder,
    tested: remainder <= 1,
    ok: true,
  };
}

/** The next correction if corrections go on to fall as the last two did; the last one where they do not fall. Nothing where nothing is extrapolated. */
function remainderOf(orders: readonly number[]): number {
  if (orders.length < 3) return 0;
  const [first, second, third] = orders as [number, number, number];
  const [before, last] = [Math.abs(second - first), Math.abs(third - second)];
  return before > last ? (last * last) / before : last;
}

/**
 * The cell with each row judged at the level of the family shared among `tests` rows (Bonferroni: a table of true theories fails with
 * at most that probability, however its rows depend on one another, as far as means and controls are normal and the remainders of the extrapolation small
 * against the error bars), and the wrong theories by the same rule. Throws NumericalError where no row can be tested.
 */
export function judgeNoisy(
  measurement: NoisyMeasurement,
  tests: number,
  /** Another theory than the closed form only to see it fail. */
  theory: typeof noisyValues = noisyValues,
): CompareCell {
  const { model, settings, replicas } = measurement;
  const level = settings.significance / tests;
  const exact = theory(model, settings.times);
  const judged = noisyRows(measurement, exact).map((r) => ({ ...r, ok: !r.tested || r.p! > level }));
  const tested = judged.filter((r) => r.tested);
  if (!tested.some(({ method }) => method !== 'data')) {
    throw new NumericalError(
      `at k = ${model.classes}, σ = ${model.noise} no observable can be tested: the extrapolation leaves more than an error bar in all of them; use more samples, or fewer replicas`,
    );
  }
  const rejections = wrongTheories(model, exact, settings).map(({ name: wrong, noise, values }): WrongTheory => {
    const { name, method, time, z, p } = loudest(noisyRows(measurement, values).filter((r) => r.tested));
    return { theory: wrong, noise, largest: { name, method, time, z: z! }, rejected: p! <= level };
  });
  const degreesOfFreedom = Math.min(...tested.map((r) => r.degreesOfFreedom!));
  return {
    ...model,
    seeds: settings.seeds,
    observables: judged,
    order: [],
    replicas: replicas.length,
    degreesOfFreedom,
    ...sampleSize(model, settings),
    criticalZ: studentQuantile(level, degreesOfFreedom),
    largestZ: loudest(tested).z,
    wrongTheories: rejections,
    ok: judged.every(({ ok }) => ok),
  };
}

/** The row with the largest |z|: small p-values are rounding, and degrees of freedom differ by two at most between rows of networks. */
function loudest(rows: readonly ComparedObservable[]): ComparedObservable {
  return rows.reduce((most, r) => (Math.abs(r.z!) > Math.abs(most.z!) ? r : most));
}
