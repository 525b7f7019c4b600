import { randomWeights } from '../../exact/noiseless/index.js';
import { batchOf } from '../../loss/network/samples.js';
import type { Samples } from '../../loss/network/sample-sums.js';
import type { CompareCell, ComparedObservable } from './document.js';
import { noiselessValues } from './exact-values.js';
import { extrapolate } from './extrapolation.js';
import { measuredValues } from './measured-values.js';
import { observableNames, type ObservableName, type Values } from './observables.js';
import { ordersOfConvergence, roundingOfSteps, type NoiselessRun } from './order-of-convergence.js';
import type { CompareSettings } from './settings.js';
import type { SoftmaxNetwork } from './softmax-network.js';
import { timeGrid, type TimeGrid } from './time-grid.js';

const rungs = 4;
const largestStep = 1 / 8;
/** Entries of a random W(0) have this deviation: the trained network is then off the symmetric line, and f_top changes. */
const initialScale = 0.3;

/**
 * Without noise the population is its k means, and the network is trained on these k samples: nothing is random but W(0), and the error is
 * that of the step. SGD goes through the k samples in batches of the largest proper divisor of k, in the same order every epoch; the
 * flow time of an epoch is that of one step of gradient descent, and the errors are compared at ends of epochs.
 * From W(0) = 0 and one random W(0) for each seed. Cost: four runs each.
 */
export async function noiselessCell(
  network: SoftmaxNetwork,
  { classes, dim }: { readonly classes: number; readonly dim: number },
  settings: CompareSettings,
  {
    signal,
    onRun,
    theory = noiselessValues,
  }: {
    readonly signal?: AbortSignal;
    readonly onRun?: () => void;
    /** Another one than the closed form only to see it fail. */
    readonly theory?: typeof noiselessValues;
  } = {},
): Promise<CompareCell> {
  const grid = timeGrid(settings.times, largestStep, rungs);
  const runs: NoiselessRun[] = [];
  for (const method of ['gd', 'sgd'] as const) {
    for (const start of ['zero', ...settings.seeds] as const) {
      const initial = start === 'zero' ? new Float64Array(classes ** 2) : randomWeights(classes, initialScale, start);
      const perEpoch = method === 'gd' ? 1 : batchesPerEpoch(classes);
      const exact = theory({ classes, dim }, initial, settings.times);
      const measured = await trainOnMeans(network, {
        classes,
        dim,
        initial,
        grid,
        perEpoch,
        ...(signal && { signal }),
      });
      runs.push({ method, start, exact, rungs: measured, steps: grid.finestSteps.at(-1)! * perEpoch });
      onRun?.();
    }
  }
  const observables = runs.flatMap((run) => rowsOf(run, settings.times));
  const order = (['gd', 'sgd'] as const).flatMap((method) =>
    ordersOfConvergence(
      method,
      runs.filter((run) => run.method === method),
      grid,
    ),
  );
  return {
    classes,
    noise: 0,
    dim,
    seeds: settings.seeds,
    observables,
    order,
    replicas: null,
    degreesOfFreedom: null,
    samples: classes,
    batch: classes / batchesPerEpoch(classes),
    criticalZ: null,
    largestZ: null,
    wrongTheories: [],
    ok: observables.every(({ ok }) => ok) && order.every(({ ok }) => ok),
  };
}

/** The smallest divisor of k above 1. */
function batchesPerEpoch(classes: number): number {
  let divisor = 2;
  while (classes % divisor !== 0) divisor++;
  return divisor;
}

async function trainOnMeans(
  network: SoftmaxNetwork,
  options: {
    readonly classes: number;
    readonly dim: number;
    readonly initial: Float64Array;
    readonly grid: TimeGrid;
    readonly perEpoch: number;
    readonly signal?: AbortSignal;
  },
): Promise<Values[][]> {
  const { classes: k, dim, initial, grid, perEpoch, signal } = options;
  const inputs = new Float64Array(k * dim);
  const targets = new Float64Array(k * k);
  for (let a = 0; a < k; a++) inputs[a * dim + a] = targets[a * k + a] = 1;
  const means: Samples = { count: k, inputs, targets };
  const batches = Array.from({ length: perEpoch }, (_, i) =>
    batchOf(
      means,
      Uint32Array.from({ length: k / perEpoch }, (_, j) => (i * k) / perEpoch + j),
    ),
  );
  const start = new Float64Array(k * dim);
  for (let c = 0; c < k; c++) start.set(initial.subarray(c * k, (c + 1) * k), c * dim);
  const byRung: Values[][] = [];
  for (let rung = 0; rung < rungs; rung++) {
    const weights = await network.train(start, {
      batch: (step) => batches[step % perEpoch]!,
      rate: (step) => grid.rate(rung, Math.floor(step / perEpoch)) / perEpoch,
      stops: grid.finestSteps.map((n) => (n / 2 ** rung) * perEpoch),
      ...(signal && { signal }),
    });
    const values: Values[] = [];
    for (const w of weights) {
      values.push(measuredValues(await network.measure(w, means), { classes: k, dim, eigenvectors: true }));
    }
    byRung.push(values);
  }
  return byRung;
}

function rowsOf(
  { method, start, exact, rungs: measured, steps }: NoiselessRun,
  times: readonly number[],
): ComparedObservable[] {
  return times.flatMap((time, at) =>
    namesIn(exact, at).map((name): ComparedObservable => {
      const { value, orders } = extrapolate(measured.map((rung) => rung[at]![name]!));
      const expected = exact[at]![name]!;
      const bound = Math.abs(value - orders.at(-2)!) + roundingOfSteps(steps, expected);
      return {
        name,
        method,
        start,
        time,
        exact: expected,
        measured: value,
        standardError: null,
        uncontrolledError: null,
        degreesOfFreedom: null,
        z: null,
        p: null,
        bound,
        remainder: null,
        tested: true,
        ok: Math.abs(value - expected) <= bound,
      };
    }),
  );
}

function namesIn(exact: readonly Values[], at: number): ObservableName[] {
  return observableNames.filter((name) => exact[at]![name] !== undefined);
}
