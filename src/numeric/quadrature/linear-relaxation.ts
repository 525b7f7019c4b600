import { solveDense } from '../kernels/solve-dense.js';

/** y′ = A y + f at one x: A n×n row by row, f of length n. */
export interface LinearSystem {
  readonly matrix: Float64Array;
  readonly forcing: Float64Array;
}

const r = Math.sqrt(6);
const nodes = [(4 - r) / 10, (4 + r) / 10, 1];
const weights = [
  [(88 - 7 * r) / 360, (296 - 169 * r) / 1800, (-2 + 3 * r) / 225],
  [(296 + 169 * r) / 1800, (88 + 7 * r) / 360, (-2 - 3 * r) / 225],
  [(16 - r) / 36, (16 + r) / 36, 1 / 9],
];

/**
 * y(x + h) of a linear system, by one step of Radau's method IIA with three stages (Hairer & Wanner, Solving Ordinary Differential Equations II,
 * IV.5): of order five, and stable however fast y relaxes, where it follows the fixed point −A⁻¹f at the end of the step. The error is the caller's to see, by halving the steps.
 * Throws NumericalError for a system that is not finite. Cost: three evaluations and (3n)³/3 multiplications.
 */
export function relaxationStep(
  system: (x: number) => LinearSystem,
  y: Float64Array,
  x: number,
  h: number,
): Float64Array {
  const n = y.length;
  const stages = nodes.map((c) => system(x + c * h));
  const size = 3 * n;
  const [matrix, right] = [new Float64Array(size * size), new Float64Array(size)];
  stages.forEach(({ matrix: A, forcing }, j) => {
    for (let i = 0; i < n; i++) {
      const row = j * n + i;
      let moved = forcing[i]!;
      for (let c = 0; c < n; c++) moved += A[i * n + c]! * y[c]!;
      right[row] = moved;
      for (let l = 0; l < 3; l++) {
        for (let c = 0; c < n; c++) {
          matrix[row * size + l * n + c] = (row === l * n + c ? 1 : 0) - h * weights[j]![l]! * A[i * n + c]!;
        }
      }
    }
  });
  const slopes = solveDense(matrix, right);
  return y.map((start, i) => start + h * weights[2]!.reduce((sum, w, l) => sum + w * slopes[l * n + i]!, 0));
}
