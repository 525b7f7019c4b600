import type { Alignment } from './alignment.js';
import type { Averaged, LadderPoint } from './ladder-document.js';
import type { TrainedPath } from './trained-path.js';

/** Mean training loss at every stop. */
export function lossesOf(paths: readonly TrainedPath[]): number[] {
  return paths[0]!.points.map((_, i) => paths.reduce((sum, { points }) => sum + points[i]!.loss, 0) / paths.length);
}

/** Stop number i of the seeds' paths, averaged, beside its prediction. */
export function ladderPoint(
  time: number,
  paths: readonly TrainedPath[],
  i: number,
  predicted: Alignment | null,
): LadderPoint {
  const average = (value: (point: Alignment) => number): Averaged =>
    averaged(paths.map(({ points }) => value(points[i]!)));
  return {
    time,
    loss: average(({ loss }) => loss),
    topFraction: average(({ lower, upper }) => (lower + upper) / 2),
    overlap: average(({ overlap }) => overlap),
    topLevel: average(({ topLevel }) => topLevel),
    ratio: average(({ ratio }) => ratio),
    predicted,
  };
}

function averaged(values: readonly number[]): Averaged {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { mean, standardError: null };
  return { mean, standardError: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n) };
}
