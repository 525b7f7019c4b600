import { hasActivation } from '../src/train/train-unused.js';
import { knownTopFraction } from '../src/train/known-top-fraction.js';
import type { RecordedRun } from '../src/train/load-run.js';
import { ratioAtCut } from '../src/train/observables/top-fraction.js';
import type { TrainRun } from '../src/train/train-run.js';

/** How a network was trained, as far as a figure says it. */
export interface TrainingFacts {
  readonly model: string;
  readonly activation: string;
  readonly loss: string;
  readonly optimizer: string;
  readonly batch: number | null;
  readonly rate: number;
  readonly seed: number;
  readonly data: string;
  readonly samples: number;
  readonly randomLabels: boolean;
}

export function trainedNetwork({ config, data }: TrainRun): TrainingFacts {
  return {
    model: config.model,
    activation: config.activation,
    loss: config.loss,
    optimizer: config.optimizer.kind,
    batch: config.batch,
    rate: config.schedule.rate,
    seed: config.seed,
    data: data.name,
    samples: data.samples,
    randomLabels: config.data.randomLabels,
  };
}

/** `mnist`, `mnist with random labels`. */
export function dataName({ data, randomLabels }: TrainingFacts): string {
  return randomLabels ? `${data} with random labels` : data;
}

/** What was trained, and where it was measured: how a caption begins. */
export function trainedCaption(
  network: TrainingFacts,
  { parameters, records }: { readonly parameters: number; readonly records: readonly unknown[] },
  axis = '',
): string {
  const { model, activation, samples, loss, optimizer, batch, rate, seed } = network;
  const labels = network.randomLabels
    ? ' Labels are random: each was drawn independently of its input, and all that is fitted is memorised.'
    : '';
  return (
    `${model} (${hasActivation(model) ? `${activation}, ` : ''}${parameters} parameters) on ${samples} samples of ${dataName(network)}, ${loss}, ${optimizer} with batch ${batch ?? 'all'} and learning rate ${rate}, seed ${seed}.${labels} ` +
    `Gradient and Hessian are those of the full training loss, measured at ${records.length} ${records.length === 1 ? 'step' : 'steps'}${axis}.`
  );
}

/** One measurement of a training run. */
export interface NetworkRecord {
  readonly step: number;
  readonly topFraction: readonly [lower: number, upper: number];
  readonly overlap: number;
  /** λ_m/λ_{m+1} where both are known and positive. */
  readonly ratio: number | null;
  readonly loss: number;
  readonly accuracy: number | null;
  readonly testAccuracy: number | null;
  /** f_top(m) of SGD's noise alone, E g_i² ∝ λ_i² or of the stationary noise, in the middle of its interval; left out where that was not recorded. */
  readonly noise?: { readonly spectrumOnly: number; readonly stationary: number | null };
}

/** What the figure of a training run draws. */
export interface NetworkData {
  readonly network: TrainingFacts;
  readonly subspace: number;
  readonly parameters: number;
  readonly records: readonly NetworkRecord[];
}

const middle = ({ lower, upper }: { readonly lower: number; readonly upper: number }): number => (lower + upper) / 2;

/** Of each record of a training run f_top(m) = ‖P_m g‖²/‖g‖² as an interval, with loss, spectrum and overlaps: what networkFigure draws. */
export function networkData({ run, records }: RecordedRun): NetworkData {
  const { subspace, parameters } = run;
  return {
    network: trainedNetwork(run),
    subspace,
    parameters,
    records: records.map((record) => {
      const { lower, upper } = knownTopFraction(record);
      const { step, loss, accuracy, testAccuracy, overlapGradientHessianGradient: overlap } = record;
      const ratio = ratioAtCut(record.eigenvalues, subspace);
      const drawn = { step, topFraction: [lower, upper], overlap, ratio, loss, accuracy, testAccuracy } as const;
      const { noiseNull } = record;
      if (noiseNull === undefined || noiseNull === null) return drawn;
      const { spectrumOnly, stationary } = noiseNull;
      return {
        ...drawn,
        noise: { spectrumOnly: middle(spectrumOnly), stationary: stationary && middle(stationary) },
      };
    }),
  };
}
