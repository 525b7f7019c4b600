import type { EdgePhase } from '../../probes/edge-phase.js';
import type { TrainedEdge, TrainedEdgePhase } from '../../probes/trained-edge.js';
import type { ModelEdge } from '../../probes/model-edge.js';
import type { Measurement } from '../../engine/experiment.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { edgeModel, updates, windows } from './tasks.js';

type Summary = EdgePhase['measured'];

/** Mean of the position k* over windows, from the shares with k* = 1, 2, …. */
export const meanEdge = (shares: readonly number[]): number =>
  shares.reduce((sum, share, j) => sum + share * (j + 1), 0);

/** The k* that most windows have. */
const mode = (shares: readonly number[]): number => 1 + shares.indexOf(Math.max(...shares));

const ratioOf = ({ logRatio }: Summary): number => Math.exp(logRatio.mean);

const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;

/** What parts G from that of noise, as measured, seed by seed: flow, the size of updates, and how neighbours hang together. */
const gramAgainstNoise = (phases: readonly TrainedEdgePhase[]): string =>
  `flow adds ${phases.map(({ flowShare }) => percent(flowShare)).join(', ')} of the mean square of an update of noise to every entry of G; tr G is ${phases.map(({ lags }) => percent(lags.measured[0]!.mean / lags.predicted[0]!)).join(', ')} of that of noise, neighbours have ${phases.map(({ lags }) => percent(lags.measured[1]!.mean / lags.measured[0]!.mean)).join(', ')} of it, predicted ${phases.map(({ lags }) => percent(lags.predicted[1]! / lags.predicted[0]!)).join(', ')}`;

interface Trained {
  readonly runs: readonly TrainDocument[];
  readonly trained: readonly TrainedEdge[];
}

/** Of the windows of the i-th N: a value for each seed, with what is beside it. */
export function trainedRow(i: number, value: (phase: TrainedEdgePhase) => number) {
  return ({ runs, trained }: Trained): Measurement => {
    const phases = trained.map((one) => one.phases[i]!);
    const over = (of: (phase: TrainedEdgePhase) => number): number => meanOfValues(phases.map(of));
    const all = (of: (phase: TrainedEdgePhase) => readonly number[]): number[] =>
      of(phases[0]!).map((_, j) => over((phase) => of(phase)[j]!));
    const flow = phases.map(({ withFlow }) => withFlow);
    return {
      values: phases.map(value),
      beside: {
        'R: measured, noise, noise and flow': [
          over(({ measured }) => ratioOf(measured)),
          over(({ predicted }) => ratioOf(predicted)),
          meanOfValues(flow.map(ratioOf)),
        ]
          .map((x) => x.toFixed(2))
          .join(', '),
        'mean k*: the same': [
          over(({ measured }) => meanEdge(measured.edges)),
          over(({ predicted }) => meanEdge(predicted.edges)),
          meanOfValues(flow.map(({ edges }) => meanEdge(edges))),
        ]
          .map((x) => x.toFixed(1))
          .join(', '),
        'most windows: the same': [
          all(({ measured }) => measured.edges),
          all(({ predicted }) => predicted.edges),
          all(({ withFlow }) => withFlow.edges),
        ]
          .map(mode)
          .join(', '),
        'weighted k*, most windows: measured, noise': [
          all(({ measured }) => measured.weightedEdges),
          all(({ predicted }) => predicted.weightedEdges),
        ]
          .map(mode)
          .join(', '),
        '‖P₁₀v₁‖²: measured, noise': [
          over(({ measured }) => measured.topShares[0]!.mean),
          over(({ predicted }) => predicted.topShares[0]!.mean),
        ]
          .map((x) => x.toFixed(2))
          .join(', '),
      },
      reason: gramAgainstNoise(phases),
      settings: {
        ...trainSettings(runs.map(({ run }) => run)),
        updates,
        every: windows[i]!.every,
        windows: windows[i]!.count,
      },
    };
  };
}

/** Of the exact model. */
export function modelRow(of: (one: ModelEdge) => EdgePhase, value: (phase: EdgePhase) => number) {
  return ({ model }: { readonly model: readonly ModelEdge[] }): Measurement => {
    const phases = model.map(of);
    const over = (part: (phase: EdgePhase) => number): number => meanOfValues(phases.map(part));
    return {
      values: phases.map(value),
      beside: {
        'R: predicted, measured': `${over(({ predicted }) => ratioOf(predicted)).toFixed(2)}, ${over(({ measured }) => ratioOf(measured)).toFixed(2)}`,
        'mean k*': `${over(({ predicted }) => meanEdge(predicted.edges)).toFixed(1)}, ${over(({ measured }) => meanEdge(measured.edges)).toFixed(1)}`,
        G_ss: `${over(({ lags }) => lags.predicted[0]!).toFixed(4)}, ${over(({ lags }) => lags.measured[0]!.mean).toFixed(4)}`,
        'weighted k*, mean': `${over(({ predicted }) => meanEdge(predicted.weightedEdges)).toFixed(1)}, ${over(({ measured }) => meanEdge(measured.weightedEdges)).toFixed(1)}`,
      },
      settings: { ...edgeModel, seeds: lawSeeds },
    };
  };
}

/** The largest deviation of a diagonal of G from E G, in standard errors. */
export const gramDeviation = ({ lags }: EdgePhase): number =>
  Math.max(...lags.measured.map(({ mean, error }, j) => Math.abs(mean - lags.predicted[j]!) / error));

/** ln R from that of noise, in standard errors. */
export const gapRatioDeviation = ({ measured, predicted }: EdgePhase): number =>
  Math.abs(measured.logRatio.mean - predicted.logRatio.mean) /
  Math.hypot(measured.logRatio.error, predicted.logRatio.error);
