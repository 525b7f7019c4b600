import { UsageError } from '../../errors.js';
import { checkBasisSize } from '../noiseless/mean-space.js';
import { dot, orthonormalise } from '../../numeric/kernels/orthonormalise.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { marginPoint } from './margin-point.js';
import { antisymmetricBasis, helmert, joinSectors, splitSectors, symmetricSpan, type SectorParts } from './sectors.js';
import { noisyLevels, type NoisyLevel, type NoisyPoint } from './symmetric-levels.js';

/**
 * What the observables see of a symmetric point at finite noise: coordinates are k×k, class by orthonormal feature in the span of
 * the means, in which the gradient lies; the bulk and the gauge features outside are levels without coordinates. Eigenvectors
 * are built on demand and never as a dense kd×kd.
 *
 * Levels are in true units; where they underflow use noisyLevels and their ratios. `time` is that of the caller. Without biases.
 * Throws UsageError outside the domain. Cost: that of noisyLevels and marginPoint, then O(k²) per product.
 */
export function noisySnapshot(point: Omit<NoisyPoint, 'bias'>, time = 0): Snapshot {
  const { classes: k, dim } = point;
  const { levels } = noisyLevels(point);
  const { marginRate, loss } = marginPoint(point);
  const scale = -marginRate * Math.sqrt(1 - (point.correlation ?? 0));
  const gradient = Float64Array.from(
    { length: k * k },
    (_, i) => scale * ((Math.floor(i / k) === i % k ? 1 : 0) - 1 / k),
  );
  const shown = levels.filter(({ sector }) => sector !== 'gauge');
  return {
    time,
    loss,
    parameters: k * dim,
    gradient,
    hessian: {
      dimension: k * k,
      apply: (block, columns) => {
        const result = new Float64Array(block.length);
        for (let j = 0; j < columns; j++) {
          const parts = splitSectors(k, block.subarray(j * k * k, (j + 1) * k * k));
          for (const level of shown) {
            const part = project(k, parts, level);
            for (let i = 0; i < k * k; i++) result[j * k * k + i]! += level.value * part[i]!;
          }
        }
        return result;
      },
    },
    spectrum: {
      dimension: k * dim,
      levels: shown.map(({ value, multiplicity, relativeError }) => ({
        value,
        multiplicity,
        error: value * relativeError,
      })),
      remainder: 'null',
      energy: (level, x) => {
        const part = project(k, splitSectors(k, x), shown[level]!);
        return dot(part, 0, part, 0, k * k);
      },
      basis: (level) => basisOf(k, shown[level]!),
    },
    origin: 'exact',
  };
}

const nothing = (k: number): SectorParts => ({
  trivial: 0,
  means: new Float64Array(k),
  differences: new Float64Array(k),
  symmetric: new Float64Array(k * k),
  antisymmetric: new Float64Array(k * k),
});

/** The part of a split matrix in one level. */
function project(k: number, parts: SectorParts, level: NoisyLevel): Float64Array {
  const empty = nothing(k);
  switch (level.sector) {
    case 'trivial':
    case 'symmetric':
    case 'antisymmetric':
      return joinSectors(k, { ...empty, [level.sector]: parts[level.sector] });
    case 'standard+':
    case 'standard-': {
      const [p, q = 0] = level.mixture!;
      const along = parts.means.map((m, c) => p! * m + q * parts.differences[c]!);
      return mixed(k, p!, q, along);
    }
    default:
      return new Float64Array(k * k);
  }
}

/** The standard vector with direction v in the mixture p of the mean copy and q of the difference copy. */
function mixed(k: number, p: number, q: number, v: Float64Array): Float64Array {
  return joinSectors(k, { ...nothing(k), means: v.map((x) => p * x), differences: v.map((x) => q * x) });
}

function basisOf(k: number, level: NoisyLevel): Float64Array {
  checkBasisSize(k * k, level.multiplicity);
  const vectors = (): Float64Array[] => {
    switch (level.sector) {
      case 'trivial':
        return [joinSectors(k, { ...nothing(k), trivial: 1 })];
      case 'standard+':
      case 'standard-':
        return helmert(k).map((v) => mixed(k, level.mixture![0]!, level.mixture![1] ?? 0, v));
      case 'antisymmetric':
        return antisymmetricBasis(k);
      case 'symmetric':
        return symmetricSpan(k);
      default:
        throw new UsageError(
          'the bulk lies outside the coordinates of the snapshot: its eigenvectors are v ⊗ f for features f orthogonal to all means',
        );
    }
  };
  const data = vectors();
  const joined = new Float64Array(data.length * k * k);
  data.forEach((vector, i) => {
    joined.set(vector, i * k * k);
  });
  const none = { dimension: k * k, data: new Float64Array(0), count: 0 };
  return orthonormalise({ dimension: k * k, data: joined, count: data.length }, none, 1e-9).data;
}
