import type { DrawnPoint, Figure } from './figure.js';
import { dataName, type TrainingFacts } from './network-data.js';
import { overlapPair } from './overlap-pair.js';

/** Overlaps of subspaces between all pairs a ≤ b of steps that are evenly spaced in the logarithm; as intervals in which they lie. */
export interface OverlapMaps {
  readonly steps: readonly number[];
  readonly parameters: number;
  readonly pairs: readonly OverlapPair[];
}

interface OverlapPair {
  readonly a: number;
  readonly b: number;
  readonly top: readonly [number, number];
  readonly next: readonly [number, number];
}

/** An interval of overlaps that is narrow enough to be one number in a figure or a row: ± 0.05. */
export function isKnown([lower, upper]: readonly [number, number]): boolean {
  return upper - lower <= 0.1;
}

export function middle([lower, upper]: readonly [number, number]): number {
  return (lower + upper) / 2;
}

/** What the figure draws: of which run, and the maps. */
export interface OverlapMapsData {
  readonly network: TrainingFacts;
  readonly subspace: number;
  readonly maps: OverlapMaps;
}

/** overlap(V, V′) of the top m eigenvectors between two steps of a run as a heat map, beside the next m (GRD18, Fig. 2). */
export function overlapMapsFigure({
  network,
  subspace: m,
  maps: { steps, parameters, pairs },
}: OverlapMapsData): Figure {
  const half = (steps.at(-1)! / steps[0]!) ** (0.5 / (steps.length - 1));
  const even = steps.map((_, i) => steps[0]! * half ** (2 * i)); // steps are rounded, cells are not
  const cells = (of: (pair: OverlapPair) => readonly [number, number]) =>
    pairs.flatMap((pair): Required<DrawnPoint>[] => {
      if (!isKnown(of(pair))) return [];
      const [x, y, v] = [even[pair.a]!, even[pair.b]!, middle(of(pair))];
      return pair.a === pair.b
        ? [{ x, y, v }]
        : [
            { x, y, v },
            { x: y, y: x, v },
          ];
    });
  const unknown = pairs.filter(({ top, next }) => !isKnown(top) || !isKnown(next)).length;
  return {
    id: 'overlap-maps',
    title: `${network.model} on ${dataName(network)}: the top ${m} subspace and the next`,
    caption:
      `Overlap Tr(P P′)/${m} of the spans of Hessian eigenvectors 1–${m} (a) and ${m + 1}–${2 * m} (b) at two steps of training: ${network.model} (${network.activation}) on ${network.samples} samples of ${dataName(network)}, ${network.optimizer}, batch ${network.batch ?? 'all'}, learning rate ${network.rate}, seed ${network.seed}; steps ${steps.join(', ')}. ` +
      `Unrelated subspaces have ${(m / parameters).toPrecision(2)} on average.${unknown === 0 ? '' : ` Cells are left white where the overlap is not known to ± 0.05, because the gap at a cut is too small for the residuals of the eigenvectors: in one of the maps at ${unknown} of ${pairs.length} pairs.`}`,
    ...overlapPair(
      m,
      { top: cells(({ top }) => top), next: cells(({ next }) => next) },
      { title: 'step', count: steps.length, min: even[0]! / half, max: even.at(-1)! * half, every: 1 },
    ),
  };
}
