import { exactFlow, exactSnapshot, randomWeights } from '../src/exact/noiseless/index.js';
import { randomOverlapNull, subspaceOverlap } from '../src/observe/index.js';
import type { DrawnPoint, Figure } from './figure.js';
import type { FigureProgram } from './program.js';
import { intervalNote } from './interval-note.js';
import { overlapPair } from './overlap-pair.js';
import { logSpaced } from './style.js';

const defaults = { classes: 10, dim: 50, scale: 1 };

export const subspaceOverlapProgram: FigureProgram = {
  name: 'subspace-overlap',
  help: 'how far the top-k subspace turns between two times, beside the next k eigenvectors',
  isRandom: true,
  defaults,
  bounds: { classes: [4, 30] },
  draw: subspaceOverlapFigure,
};

/** overlap(V^t₁, V^t₂) of the top k eigenvectors at two times as a heat map, beside the next k, from W(0) ~ N(0, scale²) (the form of GRD18, Fig. 2). */
export function subspaceOverlapFigure({
  seed = 1,
  classes: k = defaults.classes,
  dim = defaults.dim,
  scale = defaults.scale,
} = {}): Figure {
  const times = logSpaced(-1, 7, 33);
  const half = (times[1]! / times[0]!) ** 0.5;
  const flow = exactFlow(k, randomWeights(k, scale, seed));
  const snapshots = times.map((time) => exactSnapshot(flow.at(time), dim, 2 * k + 1));
  let widest = 0;
  const cells = (skip: number): Required<DrawnPoint>[] =>
    snapshots.flatMap((a, i) =>
      snapshots.map((b, j) => {
        const { lower, upper } = subspaceOverlap(a, b, k, skip);
        widest = Math.max(widest, upper - lower);
        return { x: times[i]!, y: times[j]!, v: lower };
      }),
    );
  const [top, next] = [cells(0), cells(k)];
  const least = (of: readonly Required<DrawnPoint>[]): string =>
    Math.min(...of.filter(({ x, y }) => Math.min(x, y) >= 100).map(({ v }) => v)).toFixed(2);

  return {
    id: 'subspace-overlap',
    title: 'The top-k subspace is preserved once it has formed',
    caption:
      `Overlap of the spaces of the top ${k} Hessian eigenvectors at two times (a), and of the next ${k} (b), in the noiseless model with k = ${k} classes, d = ${dim}, solved exactly from W(0) with independent normal entries of standard deviation ${scale} (seed ${seed}). ` +
      `Between any two times from t = 100 on the overlap is at least ${least(top)} for the top ${k} and ${least(next)} for the next ${k}, which lie in the mini-bulk, where levels go on crossing: each crossing exchanges whole eigenvectors, and the overlap falls in steps of 1/k. (In the networks of Gur-Ari, Roberts & Dyer (2018), Fig. 2, the next ten are not preserved.) ` +
      `Unrelated spaces have ${randomOverlapNull(k, k * dim)} on average. Here ${intervalNote(widest)}`,
    ...overlapPair(
      k,
      { top, next },
      { title: 'time', count: times.length, min: times[0]! / half, max: times.at(-1)! * half, every: 2 },
    ),
  };
}
