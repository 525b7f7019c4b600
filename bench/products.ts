import { regressionPoint, sampleMixture } from '../src/index.js';
import { exponent, line, race } from './ratio.js';

/** Hessian products of softmax regression: blocks against single vectors, and growth with k, d and n, which should be linear. */
const time = (k: number, d: number, n: number, columns: number): number => {
  const { hessian } = regressionPoint(sampleMixture({ classes: k, dim: d, noise: 0.3 }, n, 1), new Float64Array(k * d));
  const block = new Float64Array(k * d * columns).fill(1);
  hessian.apply(block, columns);
  return race(5, () => hessian.apply(block, columns))[0]!;
};

console.log('ms per vector of H·V, best of 5');
line('k', 'd', 'n', 'block', 'ms/vector', 'single/block');
const single = time(10, 100, 2000, 1);
for (const columns of [1, 4, 10])
  line(
    10,
    100,
    2000,
    columns,
    time(10, 100, 2000, columns) / columns,
    single / (time(10, 100, 2000, columns) / columns),
  );

console.log('\ngrowth: exponent of the time between a size and four times that size');
line('grows', 'exponent');
line('k 5 → 20', exponent([time(5, 100, 2000, 4), time(20, 100, 2000, 4)], [5, 20]));
line('d 50 → 200', exponent([time(10, 50, 2000, 4), time(10, 200, 2000, 4)], [50, 200]));
line('n 1000 → 4000', exponent([time(10, 100, 1000, 4), time(10, 100, 4000, 4)], [1000, 4000]));
