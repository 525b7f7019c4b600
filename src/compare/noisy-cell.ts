import { NumericalError } from '../errors.js';
import { studentQuantile, studentTail } from '../numeric/student-t.js';
import type { CompareCell, ComparedObservable, WrongTheory } from './document.js';
import { noisyValues, relativeGaps } from './exact-values.js';
import { observableNames, type ObservableName } from './observables.js';
import { replica, type Replica } from './replica.js';
import type { CompareSettings, Method } from './settings.js';
import type { SoftmaxNetwork } from './softmax-network.js';
import { timeGrid } from './time-grid.js';

/** Rungs of the extrapolation, and the longest step on the coarsest. */
const rungs = 3;
const largestStep = 0.5;

/** What the measurement is held against; another one than the closed form only to see it fail. */
export type NoisyTheory = typeof noisyValues;

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
  const replicas: Replica[] = [];
  for (const seed of settings.seeds) {
    for (let index = 0; index < settings.replicas; index++) {
      const key = [classes, dim, noise, index];
      const { samples } = settings;
      replicas.push(await replica(network, { ...model, samples, grid, rungs, key, seed, ...(signal && { signal }) }));
      onReplica?.();
    }
  }
  return { model, settings, replicas };
}

/**
 * Observables of the sample's own eigenvectors are power series in 1/n only where the gap at the cut exceeds the fluctuations of the
 * sampled Hessian, of relative size √(r/n) in operator norm, r = k(k−1) the rank on the mean space (Vershynin 2018, Theorem 4.7.1). They
 * are tested where this holds on the coarsest rung. The rule looks at theory and n alone, not at what was measured.
 */
const ofEigenvectors: readonly ObservableName[] = ['top level', 'f_top'];

/** The samples of a replica, and the batch that takes them in one pass. */
function sampleSize(settings: CompareSettings): { readonly samples: number; readonly batch: number } {
  const steps = timeGrid(settings.times, largestStep, rungs).finestSteps.at(-1)!;
  const batch = Math.ceil(settings.samples / steps);
  return { samples: batch * steps, batch };
}

/** Rows against the theory of a noise: that of the data, or another. Not yet judged: `ok` is true. */
export function noisyRows(
  { model, settings, replicas }: NoisyMeasurement,
  noise: number,
  theory: NoisyTheory = noisyValues,
): ComparedObservable[] {
  const exact = theory({ ...model, noise }, settings.times);
  const { classes: k } = model;
  const coarsest = sampleSize(settings).samples / 2 ** (rungs - 1);
  const resolved = relativeGaps(model, settings.times).map((gap) => gap > Math.sqrt((k * (k - 1)) / coarsest));
  return (['gd', 'sgd'] as const).flatMap((method) =>
    settings.times.flatMap((time, at) =>
      observableNames.flatMap((name) => {
        const values = replicas.map((r) => r[method][at]![name]);
        const expected = exact[at]![name];
        if (expected === undefined || values.some((value) => value === undefined)) return [];
        const measured = row({ name, method, time, exact: expected }, values as { orders: readonly number[] }[]);
        const hasLimit = resolved[at]! || !ofEigenvectors.includes(name);
        return [{ ...measured, tested: measured.tested && hasLimit }];
      }),
    ),
  );
}

function row(
  what: { readonly name: string; readonly method: Method; readonly time: number; readonly exact: number },
  replicas: readonly { readonly orders: readonly number[] }[],
): ComparedObservable {
  const R = replicas.length;
  const means = replicas[0]!.orders.map((_, m) => replicas.reduce((sum, { orders }) => sum + orders[m]!, 0) / R);
  const measured = means.at(-1)!;
  const variance = replicas.reduce((sum, { orders }) => sum + (orders.at(-1)! - measured) ** 2, 0) / (R - 1);
  // With rounding: where an observable is fixed by symmetry (f_top with d = k = 2), the replicas differ by nothing else.
  const standardError = Math.hypot(Math.sqrt(variance / R), 1e-12 * (1 + Math.abs(what.exact)));
  const z = (measured - what.exact) / standardError;
  const remainder = remainderOf(means) / standardError;
  return {
    ...what,
    start: 'zero',
    measured,
    standardError,
    z,
    p: studentTail(z, R - 1),
    bound: null,
    remainder,
    tested: remainder <= 1,
    ok: true,
  };
}

/** The next correction if corrections go on to fall as the last two did; the last one where they do not fall. */
function remainderOf(orders: readonly number[]): number {
  const [first, second, third] = orders as [number, number, number];
  const [before, last] = [Math.abs(second - first), Math.abs(third - second)];
  return before > last ? (last * last) / before : last;
}

/**
 * The cell with each row judged at the level of the family shared among `tests` rows (Bonferroni: a table of true theories fails with
 * at most that probability, however its rows depend on one another, as far as means are normal and the remainders of the extrapolation small against
 * the error bars), and the wrong theories by the same rule. Throws NumericalError where no row can be tested.
 */
export function judgeNoisy(
  measurement: NoisyMeasurement,
  tests: number,
  theory: NoisyTheory = noisyValues,
): CompareCell {
  const { model, settings, replicas } = measurement;
  const level = settings.significance / tests;
  const judged = noisyRows(measurement, model.noise, theory).map((r) => ({ ...r, ok: !r.tested || r.p! > level }));
  const largest = (rows: readonly ComparedObservable[]): ComparedObservable => {
    const [first, ...others] = rows.filter(({ tested }) => tested);
    if (first === undefined) {
      const { classes, noise } = model;
      throw new NumericalError(
        `at k = ${classes}, σ = ${noise} no observable can be tested: the extrapolation leaves more than an error bar in all of them; use more samples, or fewer replicas`,
      );
    }
    return others.reduce((most, r) => (Math.abs(r.z!) > Math.abs(most.z!) ? r : most), first);
  };
  const wrongTheories = [1 + settings.wrongBy, 1 - settings.wrongBy].map((factor): WrongTheory => {
    const { name, method, time, z, p } = largest(noisyRows(measurement, factor * model.noise, theory));
    return { noise: factor * model.noise, largest: { name, method, time, z: z! }, rejected: p! <= level };
  });
  return {
    ...model,
    seeds: settings.seeds,
    observables: judged,
    order: [],
    degreesOfFreedom: replicas.length - 1,
    ...sampleSize(settings),
    criticalZ: studentQuantile(level, replicas.length - 1),
    largestZ: largest(judged).z,
    wrongTheories,
    ok: judged.every(({ ok }) => ok),
  };
}
