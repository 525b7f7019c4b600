import { describe, expect, it } from 'vitest';
import { blockLanczos, type BlockLanczosOptions } from '../../src/numeric/lanczos/block-lanczos.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { randomStream } from '../../src/numeric/random.js';

/** Products with a diagonal matrix, of which all is known exactly. */
function diagonal(values: readonly number[]): SymmetricOperator & { products: () => number } {
  let products = 0;
  return {
    dimension: values.length,
    products: () => products,
    apply(block, columns) {
      products += columns;
      return block.map((x, at) => x * values[at % values.length]!);
    },
  };
}

/**
 * The share of g in a top-m eigenspace. Where the cut goes through a multiplet there are many, and the shares of all of them are between what g has above
 * the multiplet and that with all of what it has in it; both are attained. Rounding may choose any: a certain interval contains them all.
 */
function shares(
  values: readonly number[],
  g: Float64Array,
  m: number,
): { readonly least: number; readonly most: number } {
  const ordered = [...values].sort((a, b) => b - a);
  const cut = ordered[m - 1]!;
  const total = g.reduce((sum, x) => sum + x * x, 0);
  const share = (isIn: (value: number) => boolean): number =>
    g.reduce((sum, x, i) => (isIn(values[i]!) ? sum + x * x : sum), 0) / total;
  const most = share((value) => value >= cut);
  return { least: ordered[m] === cut ? share((value) => value > cut) : most, most };
}

/** One of many ways to deceive a search, the eigenvalues descending, or ascending and negative where the smallest are wanted. */
function adversary(seed: number) {
  const stream = randomStream(seed, 'adversary');
  const pick = <T>(list: readonly T[]): T => list[stream.integer(list.length)]!;
  const n = pick([2, 3, 12, 50, 80]);
  const count = Math.min(n, 2 + stream.integer(6));
  const m = 1 + stream.integer(count - 1);
  const tie = 10 ** (-1 - 14 * stream.uniform());
  const tail = 10 ** (-3 * stream.uniform());
  const spectra: readonly ((i: number) => number)[] = [
    (i) => (i < m + 3 ? 5 - Math.floor(i / 3) : tail * stream.uniform()), // multiplets, the cut often in one of them
    (i) => (i < m + 3 ? 5 - Math.floor(i / 2) - tie * (i % 2) : tail * stream.normal()), // near ties
    (i) => (i === 0 ? 1e6 : i < m + 4 ? 1 - tie * i : tail * stream.uniform()), // two scales, and a cluster at the cut
    () => Math.round(3 * stream.normal()), // multiplets of both signs
    (i) => (i < m ? 1 + tie * (m - i) : Math.cos((Math.PI * (i - m)) / (n - m))), // a bulk that reaches up to the cut
    (i) => (i % 5 === 0 ? 1 : 1 / (1 + i)), // one large multiplet
    (i) => Math.sin(7.3 * i + seed),
  ];
  const descending = Array.from({ length: n }, (_, i) => spectra[seed % spectra.length]!(i)).sort((a, b) => b - a);
  const which = stream.uniform() < 0.25 ? 'smallest' : 'largest';
  const gradients: readonly ((i: number) => boolean)[] = [
    () => true,
    (i) => i >= m, // orthogonal to all that is on top
    (i) => i % 2 === 1, // and to some of it
    (i) => i === m - 1, // an eigenvector
    (i) => i === m || i === n - 1, // an invariant plane
    (i) => i < m || i === n - 1,
  ];
  const isIn = gradients[stream.integer(gradients.length)]!;
  const gradient = Float64Array.from({ length: n }, (_, i) => (isIn(i) || n === 2 ? stream.normal() : 0));
  const accuracy = 10 ** (-1 - 3 * stream.uniform());
  const blockSize = 1 + stream.integer(3);
  const isSmall = stream.uniform() < 0.5;
  const start = Float64Array.from({ length: 2 * n }, (_, at) => (at % (n + 1) < 2 ? 1 : 0));
  const options: BlockLanczosOptions = {
    count,
    which,
    blockSize,
    seed,
    tolerance: pick([1e-3, 1e-6, 1e-9]),
    verify: seed % 2 === 0,
    until: { topFraction: { gradient, m, accuracy } },
    ...(isSmall ? { basis: Math.min(n, count + 3 * blockSize + 2) } : {}),
    ...pick([{}, {}, { guards: 1 }, { guards: 2 }, { start, guards: 1 }, { near: start.slice(0, n), guards: 1 }]),
  };
  const values = which === 'smallest' ? descending.map((value) => -value) : descending;
  return { n, m, descending, values, gradient, accuracy, options };
}

describe('blockLanczos until a top fraction is known', () => {
  it('bounds all that may be the top eigenspace, ends within the accuracy where it says so, and ends', () => {
    const [ends, seen] = [new Map<string, number>(), { restarts: 0, tied: 0 }];
    for (let seed = 0; seed < 200; seed++) {
      const { n, m, descending, values, gradient, accuracy, options } = adversary(seed);
      const operator = diagonal(values);
      const began = performance.now();
      const result = blockLanczos(operator, options);
      const wall = (performance.now() - began) / 1000;
      const { stop, topFraction, products, outer, rounding, seconds, restarts } = result;
      const { lower, upper, estimate } = topFraction!;
      const name = `seed ${seed}`;
      const { least, most } = shares(descending, gradient, m);
      const sums = 100 * n * Number.EPSILON;
      expect(lower, name).toBeLessThanOrEqual(least + sums);
      expect(upper, name).toBeGreaterThanOrEqual(most - sums);
      if (stop === 'top-fraction') {
        expect(upper - lower, name).toBeLessThanOrEqual(2 * accuracy);
        expect(Math.max(most - estimate, estimate - least), name).toBeLessThanOrEqual(accuracy + sums);
      }
      result.values.forEach((value, j) => {
        const at = options.which === 'smallest' ? options.count - 1 - j : j;
        const [inner, far] = options.which === 'smallest' ? [-value, -outer[j]!] : [value, outer[j]!];
        const slack = rounding * (1 + restarts); // a restart rounds once more
        expect(descending[at]!, name).toBeGreaterThanOrEqual(inner - slack);
        expect(descending[at]!, name).toBeLessThanOrEqual(far + slack);
      });
      expect(products).toBe(operator.products());
      expect(seconds.products + seconds.orthogonalisation + seconds.small).toBeLessThanOrEqual(wall);
      expect(Math.min(seconds.products, seconds.orthogonalisation, seconds.small)).toBeGreaterThanOrEqual(0);
      // All dimensions once, the wanted pairs for their residuals, and the rounding: more only where restarts forget.
      if (restarts === 0) expect(products, name).toBeLessThanOrEqual(n + options.count + 1);
      ends.set(stop, (ends.get(stop) ?? 0) + 1);
      if (restarts > 0) seen.restarts++;
      if (least < most) seen.tied++;
    }
    for (const stop of ['top-fraction', 'residual', 'whole-space']) expect(ends.get(stop)).toBeGreaterThan(20);
    expect(seen.restarts).toBeGreaterThan(20);
    expect(seen.tied).toBeGreaterThan(20);
  });
});
