import { boundary, noisyLevels, phaseDiagram } from '../src/index.js';
import { exponent, line, race } from './ratio.js';

/** The seven levels at finite noise: one cost for any number of classes and features. */
const time = (classes: number, dim: number): number =>
  race(20, () => noisyLevels({ classes, dim, noise: 0.2, margin: 20 }))[0]!;

time(10, 10);
console.log('all levels at σ = 0.2, α = 20; ms, best of 20');
line('k', 'd', 'ms', 'over k = 4');
const reference = time(4, 4);
const sizes = [
  [4, 4],
  [10, 50],
  [100, 1000],
  [1000, 1000],
  [1000, 1e6],
  [10_000, 1e6],
] as const;
for (const [k, d] of sizes) {
  const ms = time(k, d);
  line(k, d, ms, ms / reference);
}
line('k 10 → 10000', 'exponent', exponent([time(10, 10_000), time(10_000, 10_000)], [10, 10_000]));
line('d 10³ → 10⁶', 'exponent', exponent([time(1000, 1000), time(1000, 1e6)], [1e3, 1e6]));

console.log('\nrelative error estimates at k = 1000, d = 1000000, σ = 0.2, α from 0 to 50');
const worst = Math.max(
  ...Array.from({ length: 101 }, (_, i) =>
    Math.max(
      ...noisyLevels({ classes: 1000, dim: 1e6, noise: 0.2, margin: i / 2 }).levels.map((level) => level.relativeError),
    ),
  ),
);
console.log(`worst ${worst.toExponential(1)}`);

const [first] = race(3, () => boundary(10, 0.3));
console.log(`\nboundary at k = 10, σ = 0.3: ${first!.toFixed(0)} ms`);

const sizesOfMap = 200;
const started = performance.now();
const rows = [
  ...phaseDiagram({
    classes: 10,
    noises: Array.from({ length: sizesOfMap }, (_, i) => 10 ** (-1 + i / (sizesOfMap - 1))),
    relativeMargins: Array.from({ length: sizesOfMap }, (_, i) => i / (sizesOfMap - 1)),
  }),
];
const map = performance.now() - started;
console.log(
  `phase diagram, ${rows.length} × 200 at k = 10, σ from 0.1 to 1: ${(map / 1000).toFixed(1)} s, ${(map / time(10, 50)).toFixed(0)} spectra`,
);
