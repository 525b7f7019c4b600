import { mixtureDataset } from '../../data/mixture.js';
import { batchOf, samplesOf } from '../../loss/network/samples.js';
import type { Samples } from '../../loss/network/sample-sums.js';
import { randomStream } from '../../numeric/random.js';
import { expectedControls, measuredControls, type ControlName, type Controls } from './controls.js';
import { extrapolate, type Extrapolated } from './extrapolation.js';
import { measuredValues } from './measured-values.js';
import { observableNames, type ObservableName, type Values } from './observables.js';
import type { CompareMethod } from './settings.js';
import type { SoftmaxNetwork } from './softmax-network.js';
import type { TimeGrid } from './time-grid.js';

/** One independent experiment: what it measured at every time, by method. */
export interface Replica extends Readonly<
  Record<CompareMethod, readonly Partial<Record<ObservableName, Extrapolated>>[]>
> {
  /**
   * Controls less their expectation at every time. Those of a product with the labels (C) are of the samples that the weights have seen by then, the squares
   * of the whole sample, on which the Hessian is.
   */
  readonly controls: Readonly<Record<CompareMethod, readonly Controls[]>>;
}

/**
 * Trains on n samples with steps η, on the two halves with 2η, on the four quarters with 4η, and takes the limit. The errors of a
 * trained network against the exact flow of the population are powers of the step η, of 1/n, and with SGD of the noise η/b
 * (b the batch, the same on every rung). All three are proportional to one h, which doubles from rung to rung, so that one
 * extrapolation removes h and h². It adds no variance to first order: a quantity that is linear in the samples has the same mean over
 * the parts as on the whole, because SGD takes the samples in the same order of time on every rung.
 *
 * SGD takes each sample once; the batch follows: n over the number of steps, rounded up (and n with it). The parts take
 * turns batch by batch. `eigenvectors`: at which times the top of the spectrum is looked at, by gradient descent. Cost: three times the training on all samples, and the measurements.
 */
export async function replica(
  network: SoftmaxNetwork,
  options: {
    readonly classes: number;
    readonly dim: number;
    readonly noise: number;
    readonly samples: number;
    readonly grid: TimeGrid;
    readonly rungs: number;
    readonly eigenvectors: readonly boolean[];
    readonly key: readonly (string | number)[];
    readonly seed: number;
    readonly signal?: AbortSignal;
  },
): Promise<Replica> {
  const { classes, dim, noise, samples, grid, rungs, eigenvectors, key, seed, signal } = options;
  const steps = grid.finestSteps.at(-1)!;
  const batch = Math.ceil(samples / steps);
  const dataSeed = randomStream(seed, 'compare', ...key).integer(2 ** 30);
  const all = samplesOf(mixtureDataset({ classes, dim, noise }, batch * steps, dataSeed));
  const columns: Record<CompareMethod, Values[][]> = { gd: [], sgd: [] }; // by rung, then time
  for (let rung = 0; rung < rungs; rung++) {
    const parts = Array.from({ length: 2 ** rung }, (_, part) => partOf(all, batch, part, 2 ** rung));
    const stops = grid.finestSteps.map((n) => n / 2 ** rung);
    for (const method of ['gd', 'sgd'] as const) {
      const byPart: Values[][] = [];
      for (const part of parts) {
        const weights = await network.train(new Float64Array(classes * dim), {
          batch: method === 'gd' ? () => part : (step) => rowsOf(part, step * batch, batch),
          rate: (step) => grid.rate(rung, step),
          stops,
          ...(signal && { signal }),
        });
        const values: Values[] = [];
        for (const [at, w] of weights.entries()) {
          const point = await network.measure(w, part);
          values.push(measuredValues(point, { classes, dim, eigenvectors: method === 'gd' && eigenvectors[at]! }));
        }
        byPart.push(values);
      }
      columns[method].push(stops.map((_, time) => meanOf(byPart.map((values) => values[time]!))));
    }
  }
  const limits = (byRung: readonly Values[][]) =>
    grid.times.map((_, time) => {
      const present = observableNames.filter((name) => byRung[0]![time]![name] !== undefined);
      return Object.fromEntries(present.map((name) => [name, extrapolate(byRung.map((rung) => rung[time]![name]!))]));
    });
  return {
    gd: limits(columns.gd),
    sgd: limits(columns.sgd),
    controls: controlsAlong(all, { classes, dim, noise }, batch, grid),
  };
}

function controlsAlong(
  all: Samples,
  mixture: { readonly classes: number; readonly dim: number; readonly noise: number },
  batch: number,
  { finestSteps }: TimeGrid,
): Replica['controls'] {
  const expected = expectedControls(mixture);
  const seen = measuredControls(all, mixture, [...finestSteps.map((steps) => steps * batch), all.count]).map(
    (controls): Controls =>
      Object.fromEntries(
        Object.entries(controls).map(([name, value]) => [name, value - expected[name as ControlName]!]),
      ),
  );
  const whole = seen.pop()!;
  const { 'x² on the means': means, 'x² elsewhere': elsewhere } = whole;
  const squares = { 'x² on the means': means!, ...(elsewhere === undefined ? {} : { 'x² elsewhere': elsewhere }) };
  return { gd: finestSteps.map(() => whole), sgd: seen.map((controls) => ({ ...controls, ...squares })) };
}

/** Every `of`-th batch of the samples, beginning with number `part`. */
function partOf(samples: Samples, batch: number, part: number, of: number): Samples {
  const batches = samples.count / batch / of;
  const rows = Uint32Array.from(
    { length: batches * batch },
    (_, i) => (Math.floor(i / batch) * of + part) * batch + (i % batch),
  );
  return batchOf(samples, rows);
}

/** `count` samples from number `from` on: views. */
export function rowsOf({ count: n, inputs, targets }: Samples, from: number, count: number): Samples {
  const [width, outputs] = [inputs.length / n, targets.length / n];
  return {
    count,
    inputs: inputs.subarray(from * width, (from + count) * width),
    targets: targets.subarray(from * outputs, (from + count) * outputs),
  };
}

function meanOf(parts: readonly Values[]): Values {
  const names = observableNames.filter((name) => parts[0]![name] !== undefined);
  return Object.fromEntries(
    names.map((name) => [name, parts.reduce((sum, values) => sum + values[name]!, 0) / parts.length]),
  );
}
