import { atOnce } from '../../numeric/kernels/pausing.js';
import { absorb } from '../../numeric/lanczos/absorb.js';
import { addOpen } from '../../numeric/lanczos/join-vectors.js';
import { krylovSpace } from '../../numeric/lanczos/krylov-space.js';
import { ritzPairs } from '../../numeric/lanczos/ritz-pairs.js';

/** Numbers with their weights: ∫ f = Σ weights f(nodes). */
export interface DiscreteMeasure {
  readonly nodes: Float64Array;
  /** Not negative. */
  readonly weights: Float64Array;
}

/**
 * The Gauss rule of a discrete measure: at most `count` nodes with its moments 0 … 2 · count − 1 (Golub & Welsch 1969; Lanczos of the diagonal matrix of nodes from the roots
 * of the weights). No nodes for a measure of 0.
 */
export function gaussRule({ nodes, weights }: DiscreteMeasure, count: number): DiscreteMeasure {
  const n = nodes.length;
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!(total > 0)) return { nodes: new Float64Array(0), weights: new Float64Array(0) };
  const space = krylovSpace(n, Math.min(n, count + 1));
  atOnce(addOpen(space, weights.map(Math.sqrt)));
  for (let step = 0; step < count && space.open > 0; step++) {
    const q = space.vectors.read(step, 1);
    const moved = nodes.map((x, i) => x * q[i]!);
    atOnce(absorb(space, 1, moved));
  }
  const { values, vectors } = atOnce(ritzPairs(space));
  return { nodes: values, weights: values.map((_, l) => total * vectors[l * space.size]! ** 2) };
}
