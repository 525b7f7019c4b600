import { describe, expect, it } from 'vitest';
import { gaussRuleOf, massBounds } from '../../src/numeric/lanczos/spectral-mass.js';
import { randomStream } from '../../src/numeric/random.js';

/** Numbers as integers over 2^1024: what is lost of them is less than float64 can see, whatever cancels. */
const unit = 1024n;
const times = (x: bigint, y: bigint): bigint => (x * y) >> unit;
const over = (x: bigint, y: bigint): bigint => (x << unit) / y;
/** Exact for |x| ≥ 2^-148. */
const exactly = (x: number): bigint => BigInt(x * 2 ** 200) << (unit - 200n);
function rounded(x: bigint): number {
  const excess = Math.max(0, (x < 0n ? -x : x).toString(2).length - 64);
  return Number(x >> BigInt(excess)) * 2 ** (excess - Number(unit));
}

/** Weights on nodes, which sum to 1 and are those of g on the distinct eigenvalues of A. */
interface Measure {
  readonly nodes: readonly number[];
  readonly weights: readonly bigint[];
}

/** α_j and h_j = β_1² … β_j² of the measure, by the procedure of Stieltjes on its nodes, and its monic orthogonal polynomials at t. */
function stieltjes({ nodes, weights }: Measure, steps: number) {
  const at = nodes.map(exactly);
  let [before, here] = [at.map(() => 0n), at.map(() => 1n << unit)];
  const [alpha, h]: [bigint[], bigint[]] = [[], []];
  const mean = (f: (i: number) => bigint): bigint =>
    at.reduce((sum, _, i) => sum + times(weights[i]!, times(f(i), times(here[i]!, here[i]!))), 0n);
  for (let j = 0; j <= steps; j++) {
    h.push(mean(() => 1n << unit));
    if (j === steps) break;
    alpha.push(
      over(
        mean((i) => at[i]!),
        h[j]!,
      ),
    );
    const square = j === 0 ? 0n : over(h[j]!, h[j - 1]!);
    const next = here.map((p, i) => times(at[i]! - alpha[j]!, p) - times(square, before[i]!));
    [before, here] = [here, next];
  }
  return { alpha, h };
}

/** 1/Σ_{j ≤ k} p_j(t)² of the orthonormal polynomials. */
function christoffel({ alpha, h }: ReturnType<typeof stieltjes>, t: number): number {
  let [before, here, sum] = [0n, 1n << unit, 1n << unit];
  for (let j = 0; j < alpha.length; j++) {
    const square = j === 0 ? 0n : over(h[j]!, h[j - 1]!);
    [before, here] = [here, times(exactly(t) - alpha[j]!, here) - times(square, before)];
    sum += over(times(here, here), h[j + 1]!);
  }
  return rounded(over(1n << unit, sum));
}

/** Clusters, both signs, wide and narrow spectra, weights of very different sizes; all of them integers. */
function randomMeasure(seed: number): Measure {
  const stream = randomStream(seed, 'measure');
  const order = 1 + (seed % 11);
  const spread = [24, 60, 2000][seed % 3]!;
  const close = seed % 4 === 0 ? 2 ** -12 : 1;
  const nodes = new Set<number>();
  while (nodes.size < order) {
    const place = stream.integer(spread) - spread / 2;
    nodes.add(place);
    if (nodes.size % 3 === 2 && nodes.size < order) nodes.add(place + close);
  }
  const sizes = Array.from(nodes, () => BigInt(1 + Math.floor(10 ** (6 * stream.uniform()))));
  const total = sizes.reduce((sum, x) => sum + x, 0n);
  return { nodes: [...nodes].sort((a, b) => a - b), weights: sizes.map((x) => (x << unit) / total) };
}

const share = ({ nodes, weights }: Measure, isIn: (node: number) => boolean): number =>
  rounded(nodes.reduce((sum, node, i) => (isIn(node) ? sum + weights[i]! : sum), 0n));

describe('massBounds', () => {
  it('enclose the share beyond every kind of threshold, at every number of steps, and differ by the Christoffel function', () => {
    let [tried, narrow] = [0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const measure = randomMeasure(seed);
      const { nodes } = measure;
      for (let k = 1; k <= nodes.length; k++) {
        const polynomials = stieltjes(measure, k);
        const { alpha, h } = polynomials;
        const isExhausted = k === nodes.length;
        const jacobi = {
          alpha: alpha.map(rounded),
          beta: alpha.map((_, j) => (isExhausted && j === k - 1 ? 0 : Math.sqrt(rounded(over(h[j + 1]!, h[j]!))))),
        };
        const ritz = gaussRuleOf(jacobi.alpha, jacobi.beta).nodes;
        const [least, most] = [nodes[0]!, nodes.at(-1)!];
        const thresholds = [
          ...nodes,
          ...[most, nodes[seed % nodes.length]!].flatMap((node) => [node + 2 ** -14, node - 2 ** -14]),
          ...(nodes.length > 1 ? [(nodes[0]! + nodes[1]!) / 2, (nodes.at(-2)! + most) / 2] : []),
          ritz[seed % k]!, // nodes of the Gauss rule: the last pivot vanishes
          ...[most + 0.5, least - 0.5, most + 1e6, least - 1e6],
        ];
        for (const t of thresholds) {
          const { beyond, from } = massBounds(jacobi, t);
          // The rule is that of T + F, ‖F‖ a small multiple of k eps ‖T‖: to first order a share turns by ‖F‖ over the gap that parts it.
          const size = Math.max(Math.abs(least), Math.abs(most)) + Math.abs(t);
          const apart = Math.min(1, ...nodes.flatMap((node) => (node === t ? [] : [Math.abs(node - t)])));
          const sums = (16 * (k + 1) * Number.EPSILON * size) / apart;
          if (sums > 1e-3) continue; // t cannot be told from an eigenvalue
          const name = `seed ${seed}, ${k} steps, t = ${t}`;
          // On which side of t an eigenvalue t lies, F decides, unless all of them are known.
          const isOpen = nodes.includes(t) && !isExhausted;
          const [above, closed] = [share(measure, (node) => node > t), share(measure, (node) => node >= t)];
          expect(beyond, name).toBeLessThanOrEqual((isOpen ? closed : above) + sums);
          expect(from, name).toBeGreaterThanOrEqual((isOpen ? above : closed) - sums);
          if (isOpen) continue;
          const weight = isExhausted ? closed - above : christoffel(polynomials, t);
          expect(Math.abs(from - beyond - weight), name).toBeLessThanOrEqual(sums);
          tried++;
          if (!isExhausted && from - beyond < 0.1) narrow++;
        }
      }
    }
    expect(tried).toBeGreaterThan(6000);
    expect(narrow).toBeGreaterThan(tried / 3);
  });
});
