import { randomStream } from '../../src/numeric/random.js';
import type { Snapshot } from '../../src/observe/snapshot.js';
import type { Level } from '../../src/observe/spectrum.js';

/** Orthonormal columns, one after the other, by Gram–Schmidt on keyed normal vectors. */
export function randomBasis(n: number, seed: number): Float64Array[] {
  const stream = randomStream(seed, 'basis', n);
  const basis: Float64Array[] = [];
  for (let j = 0; j < n; j++) {
    let v = Float64Array.from({ length: n }, () => stream.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = dot(u, v);
        v = v.map((x, i) => x - inner * u[i]!);
      }
    }
    const norm = Math.sqrt(dot(v, v));
    basis.push(v.map((x) => x / norm));
  }
  return basis;
}

export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** A snapshot with the given levels in a random basis; its basis vectors are handed out in that order. */
export function denseSnapshot(
  levels: readonly Level[],
  gradient: Float64Array,
  seed: number,
  remainder: 'null' | 'below' = 'null',
): Snapshot & { basis: Float64Array[] } {
  const n = gradient.length;
  const basis = randomBasis(n, seed);
  const starts = levels.map((_, i) => levels.slice(0, i).reduce((sum, level) => sum + level.multiplicity, 0));
  const members = (i: number): Float64Array[] => basis.slice(starts[i], starts[i]! + levels[i]!.multiplicity);
  return {
    basis,
    time: 0,
    loss: 0,
    parameters: n,
    gradient,
    origin: 'trained',
    hessian: {
      dimension: n,
      apply: (block, columns) => {
        const result = new Float64Array(n * columns);
        for (let j = 0; j < columns; j++) {
          const x = block.subarray(j * n, (j + 1) * n);
          levels.forEach((level, i) => {
            for (const u of members(i)) {
              const inner = level.value * dot(u, x);
              for (let f = 0; f < n; f++) result[j * n + f]! += inner * u[f]!;
            }
          });
        }
        return result;
      },
    },
    spectrum: {
      dimension: n,
      levels,
      remainder,
      energy: (i, x) => members(i).reduce((sum, u) => sum + dot(u, x) ** 2, 0),
      basis: (i) => Float64Array.from(members(i).flatMap((u) => [...u])),
    },
  };
}
