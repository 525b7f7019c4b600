import { blockLanczos, randomStream, type SymmetricOperator } from '../src/index.js';
import { line } from './ratio.js';

/**
 * The top 20 eigenpairs of an operator with the spectrum of a network's Hessian, n = 90 000, at a relative residual of 1e-3: products
 * and what the linear algebra costs beside them, from a random start and from the eigenvectors of an operator that is turned by
 * an angle θ in 44 planes, each of a top eigenvector and one of the bulk.
 */
const n = 90_000;
const values = Float64Array.from({ length: n }, (_, i) => {
  if (i < 10) return 20 * 0.8 ** i; // outliers
  return i < n - 100 ? 1.5 * (i - 9) ** -0.6 : -0.3 * (i - n + 101) ** -0.7; // a bulk that decays, some negative
});
const reflectors = [0, 1, 2].map((seed) => {
  const stream = randomStream(seed, 'reflector');
  const u = Float64Array.from({ length: n }, () => stream.normal());
  const norm = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
  return u.map((x) => x / norm);
});
let operatorTime = 0;

function reflect(x: Float64Array, u: Float64Array): void {
  let inner = 0;
  for (let i = 0; i < n; i++) inner += 2 * u[i]! * x[i]!;
  for (let i = 0; i < n; i++) x[i]! -= inner * u[i]!;
}

function rotate(x: Float64Array, i: number, j: number, theta: number): void {
  const [a, b, c, s] = [x[i]!, x[j]!, Math.cos(theta), Math.sin(theta)];
  x[i] = c * a - s * b;
  x[j] = s * a + c * b;
}

function turned(theta: number): SymmetricOperator {
  const planes = Array.from({ length: 44 }, (_, p): readonly [number, number] =>
    p < 24 ? [p, 30 + 37 * p] : [p - 24, 20_000 + 137 * p],
  );
  return {
    dimension: n,
    apply(block, columns) {
      const start = performance.now();
      const result = block.slice();
      for (let j = 0; j < columns; j++) {
        const x = result.subarray(j * n, (j + 1) * n);
        for (const u of reflectors) reflect(x, u);
        for (const [a, b] of planes) rotate(x, a, b, theta);
        for (let i = 0; i < n; i++) x[i]! *= values[i]!;
        for (const [a, b] of planes.toReversed()) rotate(x, a, b, -theta);
        for (const u of reflectors.toReversed()) reflect(x, u);
      }
      operatorTime += performance.now() - start;
      return result;
    },
  };
}

line('start', 'block', 'products', 'ms/product', 'residual', 'unseen above');
const options = { count: 20, tolerance: 1e-3, verify: false } as const;
let vectors = new Float64Array(0);
for (const [theta, blockSize] of [0, 1e-4, 1e-3, 1e-2].flatMap((t) => [1, 2, 4, 8].map((b) => [t, b] as const))) {
  operatorTime = 0;
  const begin = performance.now();
  const start = theta === 0 ? {} : { start: vectors };
  const { products, residuals, norm, unseen, ...pairs } = blockLanczos(turned(theta), {
    ...options,
    ...start,
    blockSize,
  });
  const cost = (performance.now() - begin - operatorTime) / products;
  line(theta === 0 ? 'random' : `θ = ${theta}`, blockSize, products, cost, Math.max(...residuals) / norm, unseen);
  if (theta === 0) vectors = pairs.vectors.slice();
}
