import { blockLanczos, denseEigen, regressionPoint, sampleMixture, type SymmetricOperator } from '../src/index.js';
import { line, race } from './ratio.js';

/**
 * Top eigenpairs of the Hessian of softmax regression: block Lanczos against the plain dense route (assemble H, full EVD) and
 * against naive Lanczos (single vectors, no reorthogonalisation, as many steps as products), in one run.
 */
console.log('top 2k eigenpairs, tolerance 1e-8; times in ms, best of 3, interleaved');
line('k', 'd', 'n', 'dimension', 'lanczos', 'dense', 'dense/lanczos', 'products', 'ghosts');
for (const [k, d, n] of [
  [3, 10, 500],
  [5, 20, 500],
  [5, 40, 1000],
  [10, 30, 1000],
] as const) {
  const { hessian } = regressionPoint(sampleMixture({ classes: k, dim: d, noise: 0.3 }, n, 1), new Float64Array(k * d));
  const count = 2 * k;
  let products = 0;
  const [lanczos, dense] = race(
    3,
    () => (products = blockLanczos(hessian, { count, tolerance: 1e-8 }).products),
    () => denseEigen(hessian),
  );
  const exact = denseEigen(hessian).values.slice(0, count);
  line(k, d, n, k * d, lanczos!, dense!, dense! / lanczos!, products, ghosts(hessian, products, exact));
}
console.log('ghosts: of the wanted eigenvalues, how many plain Lanczos with as many products misses or duplicates');

/** Wanted eigenvalues that single-vector Lanczos without reorthogonalisation does not have exactly once. */
function ghosts(operator: SymmetricOperator, steps: number, wanted: Float64Array): number {
  const n = operator.dimension;
  const [diagonal, offDiagonal]: [number[], number[]] = [[], []];
  let previous = new Float64Array(n);
  let v = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
  let norm = Math.hypot(...v);
  for (let step = 0; step < steps && norm > 1e-14; step++) {
    v = v.map((x) => x / norm);
    const w = operator.apply(v, 1);
    const alpha = w.reduce((sum, x, i) => sum + x * v[i]!, 0);
    diagonal.push(alpha);
    const next = w.map((x, i) => x - alpha * v[i]! - (step > 0 ? norm : 0) * previous[i]!);
    norm = Math.hypot(...next);
    offDiagonal.push(norm);
    previous = v;
    v = next;
  }
  const size = diagonal.length;
  const tridiagonal: SymmetricOperator = {
    dimension: size,
    apply: (block, columns) =>
      Float64Array.from({ length: size * columns }, (_, at) => {
        const [i, start] = [at % size, at - (at % size)];
        const left = i > 0 ? offDiagonal[i - 1]! * block[start + i - 1]! : 0;
        const right = i + 1 < size ? offDiagonal[i]! * block[start + i + 1]! : 0;
        return left + diagonal[i]! * block[start + i]! + right;
      }),
  };
  const found = denseEigen(tridiagonal).values;
  const near = (value: number, among: Float64Array): number => among.filter((x) => Math.abs(x - value) < 1e-7).length;
  return wanted.filter((value) => near(value, found) !== near(value, wanted)).length;
}
