import { orthonormalise } from '../../numeric/kernels/orthonormalise.js';
import { helmertVector } from './helmert-basis.js';
import { checkBasisSize } from './mean-space.js';
import { symmetricLevels, type SymmetricPoint } from './symmetric.js';

/** One symmetry sector of the Hessian with biases: its level and the projector onto it. Coordinates as in biasSnapshot. */
export interface BiasSector {
  readonly sector: string;
  readonly value: number;
  readonly multiplicity: number;
  /** ‖P x‖². */
  energy(x: Float64Array): number;
  /** Orthonormal basis, vectors one after the other. */
  basis(): Float64Array;
}

/**
 * The positive sectors, descending. With n_a = e_a − 1/k and P_a the projector on zero sums orthogonal to n_a, every vector
 * in the range of H has columns w_a and the bias b = Σ_a w_a. The standard sector holds
 *   w_a = β₁ v_a n_a + β₂ P_a v,  b = γ v,  γ = β₁ + β₂ k(k−2)/(k−1),  Σv = 0,
 * on which H is λβ₁ = λ₁(β₁ + γ k/(k−1)), λβ₂ = λ₂(β₂ + γ). The gradient's sector is w_a ∝ n_a, b = 0; the mini-bulk is
 * what remains: zero diagonal, zero row and column sums, b = 0.
 */
export function biasSectors(point: Pick<SymmetricPoint, 'classes' | 'error'>): BiasSector[] {
  const k = point.classes;
  const levels = symmetricLevels(point, k);
  const lambda1 = levels[0]!.value;
  const lambda2 = k > 2 ? levels[1]!.value : 0;
  return [
    standardSector('standard+', k, lambda1, lambda2, 1),
    gradientSector(k, lambda1),
    standardSector('standard-', k, lambda1, lambda2, -1),
    miniBulkSector(k, lambda2),
  ];
}

function standardSector(sector: string, k: number, lambda1: number, lambda2: number, sign: 1 | -1): BiasSector {
  const first = k / (k - 1); // c₁²
  const second = (k * (k - 2)) / (k - 1); // c₂²
  // Roots of λ² − trace λ + det: the larger one by a sum of positive terms, the smaller one by det / larger.
  const a = lambda1 * (1 + first);
  const d = lambda2 * (1 + second);
  const larger = (a + d + Math.hypot(a - d, 2 * Math.sqrt(lambda1 * lambda2 * first * second))) / 2;
  const value = sign > 0 ? larger : (lambda1 * lambda2 * (1 + k)) / larger;
  // A unit eigenvector (y₁, y₂) of the block becomes β₁ = √λ₁ c₁ y₁, β₂ = √λ₂ y₂ / c₂.
  const angle = Math.atan2(2 * Math.sqrt(lambda1 * lambda2 * first * second), a - d) / 2;
  const [y1, y2] = sign > 0 ? [Math.cos(angle), Math.sin(angle)] : [-Math.sin(angle), Math.cos(angle)];
  const beta1 = Math.sqrt(lambda1 * first) * y1;
  const beta2 = k > 2 ? Math.sqrt(lambda2 / second) * y2 : 0;
  const gamma = beta1 + beta2 * second;
  const squaredNorm = beta1 ** 2 / first + beta2 ** 2 * second + gamma ** 2;
  const row = k + 1;

  /** ⟨X_v, x⟩ as a linear function of v, on zero sums. */
  const adjoint = (x: Float64Array): Float64Array => {
    const result = new Float64Array(k);
    for (let a = 0; a < k; a++) {
      const { along, rest } = splitColumn(k, a, x);
      result[a]! += beta1 * along;
      for (let c = 0; c < k; c++) result[c]! += beta2 * rest[c]!;
    }
    for (let c = 0; c < k; c++) result[c]! += gamma * x[c * row + k]!;
    return withoutMean(result);
  };
  const embed = (v: Float64Array): Float64Array => {
    const x = new Float64Array(k * row);
    for (let c = 0; c < k; c++) {
      for (let a = 0; a < k; a++) {
        const n = (c === a ? 1 : 0) - 1 / k;
        x[c * row + a] = beta1 * v[a]! * n + beta2 * (v[c]! - v[a]! * first * n);
      }
      x[c * row + k] = gamma * v[c]!;
    }
    return x.map((entry) => entry / Math.sqrt(squaredNorm));
  };
  return {
    sector,
    value,
    multiplicity: sign < 0 && k === 2 ? 0 : k - 1,
    energy: (x) => sumOfSquares(adjoint(x)) / squaredNorm,
    basis() {
      checkBasisSize(k * row, k - 1);
      return concatenate(Array.from({ length: k - 1 }, (_, n) => embed(helmertVector(k, n + 1))));
    },
  };
}

function gradientSector(k: number, value: number): BiasSector {
  const row = k + 1;
  return {
    sector: 'gradient',
    value,
    multiplicity: 1,
    energy(x) {
      let inner = 0;
      for (let a = 0; a < k; a++) inner += splitColumn(k, a, x).along;
      return inner ** 2 / (k - 1);
    },
    basis() {
      const x = new Float64Array(k * row);
      for (let c = 0; c < k; c++)
        for (let a = 0; a < k; a++) x[c * row + a] = ((c === a ? 1 : 0) - 1 / k) / Math.sqrt(k - 1);
      return x;
    },
  };
}

function miniBulkSector(k: number, value: number): BiasSector {
  const row = k + 1;
  const project = (x: Float64Array): Float64Array => {
    const rests = Array.from({ length: k }, (_, a) => splitColumn(k, a, x).rest);
    const v = new Float64Array(k);
    for (const rest of rests) for (let c = 0; c < k; c++) v[c]! += rest[c]! * ((k - 1) / (k * (k - 2)));
    const result = new Float64Array(k * row);
    rests.forEach((rest, a) => {
      for (let c = 0; c < k; c++) if (c !== a) result[c * row + a] = rest[c]! - (v[c]! + v[a]! / (k - 1));
    });
    return result;
  };
  return {
    sector: 'mini-bulk',
    value,
    multiplicity: k > 2 ? k * k - 3 * k + 1 : 0,
    energy: (x) => sumOfSquares(project(x)),
    basis() {
      checkBasisSize(k * row, k * k);
      const projections: Float64Array[] = [];
      for (let a = 0; a < k; a++) {
        for (let c = 0; c < k; c++) {
          if (c === a) continue;
          const unit = new Float64Array(k * row);
          unit[c * row + a] = 1;
          projections.push(project(unit));
        }
      }
      const block = { dimension: k * row, data: concatenate(projections), count: projections.length };
      const none = { dimension: k * row, data: new Float64Array(0), count: 0 };
      return orthonormalise(block, none, 1e-8).data.slice();
    },
  };
}

/** Column a of x as (n_a · x_a) and P_a x_a; the latter has a zero at a and zero sum. */
function splitColumn(k: number, a: number, x: Float64Array): { along: number; rest: Float64Array } {
  const row = k + 1;
  let others = 0;
  for (let c = 0; c < k; c++) if (c !== a) others += x[c * row + a]!;
  others /= k - 1;
  const rest = new Float64Array(k);
  for (let c = 0; c < k; c++) if (c !== a) rest[c] = x[c * row + a]! - others;
  return { along: ((k - 1) / k) * (x[a * row + a]! - others), rest };
}

function withoutMean(x: Float64Array): Float64Array {
  const mean = x.reduce((sum, entry) => sum + entry, 0) / x.length;
  return x.map((entry) => entry - mean);
}

function sumOfSquares(x: Float64Array): number {
  return x.reduce((sum, entry) => sum + entry ** 2, 0);
}

function concatenate(vectors: readonly Float64Array[]): Float64Array {
  const length = vectors[0]?.length ?? 0;
  const result = new Float64Array(length * vectors.length);
  vectors.forEach((vector, i) => {
    result.set(vector, i * length);
  });
  return result;
}
