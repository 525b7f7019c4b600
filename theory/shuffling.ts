import type { Laws } from './laws.js';
import { once, relativeDifference, scientific, worst } from './numerics.js';
import type { Theorem } from './theorem.js';

/** An exact number: numerator over denominator. */
type Ratio = readonly [bigint, bigint];
const sum = (terms: readonly bigint[]): bigint => terms.reduce((total, x) => total + x, 0n);
const toNumber = ([a, b]: Ratio): number => {
  const digits = 1n << 80n; // a relative 2^−80 below any quotient that occurs
  const shift = BigInt(Math.max(0, b.toString(2).length - a.toString(2).length));
  return (Number(((a * digits) << shift) / b) / 2 ** 80) * 2 ** -Number(shift);
};

/** Every order of n things. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, i) => [...order.slice(0, i), n - 1, ...order.slice(i)]),
  );
}

/** Gradients of n samples, less their mean. */
const noises = [5, -3, 1, 4, -6, -1];
const gradientsOf = (n: number): bigint[] => {
  const some = noises.slice(0, n);
  const total = some.reduce((all, x) => all + x, 0);
  return some.map((x) => BigInt(n * x - total));
};

/** What j steps leave of the noise of the first to the last of them, r^{j−1}, …, r, 1 with r = p/q, times q^{j−1}. */
const powersOf = (p: bigint, q: bigint, j: number): bigint[] =>
  Array.from({ length: j }, (_, i) => p ** BigInt(j - 1 - i) * q ** BigInt(i));

/**
 * E (Σ_{i<j} r^{j−1−i} ζ_i)², ζ_i the mean of the i-th batch of b: over all orders of the samples, and from Var ζ = s² = (c/b)(n−b)/(n−1),
 * Cov(ζ_i, ζ_j) = −s²/(m−1), as s² [m Σ r^{2i} − (Σ r^i)²]/(m−1). Both times b² q^{2(j−1)}.
 */
function squaredSums(
  n: number,
  b: number,
  [p, q]: Ratio,
  j: number,
): { readonly counted: Ratio; readonly closed: Ratio } {
  const gradients = gradientsOf(n);
  const [m, powers, permuted] = [BigInt(n / b), powersOf(p, q, j), orders(n)];
  const counted = sum(
    permuted.map((order) => {
      const batches = powers.map((_, i) => sum(order.slice(i * b, (i + 1) * b).map((sample) => gradients[sample]!)));
      return sum(batches.map((batch, i) => batch * powers[i]!)) ** 2n;
    }),
  );
  const scatter = m * sum(powers.map((x) => x * x)) - sum(powers) ** 2n;
  const squares = sum(gradients.map((x) => x * x)); // n c
  return {
    counted: [counted, BigInt(permuted.length)],
    closed: [squares * BigInt(b * (n - b)) * scatter, BigInt(n * (n - 1)) * (m - 1n)],
  };
}

const epochs = [[2, 1], [4, 1], [4, 2], [6, 2], [6, 3]] as const; // prettier-ignore

/** Both sides have degree 2(j − 1) in r: equal at 2j − 1 rationals they are equal. */
const isClosedForm = once((): boolean =>
  epochs.every(([n, b]) =>
    Array.from({ length: n / b }, (_, i) => i + 1).every((j) =>
      Array.from({ length: 2 * j - 1 }, (_, i): Ratio => [BigInt(i - j), 7n]).every((r) => {
        const { counted, closed } = squaredSums(n, b, r, j);
        return counted[0] * closed[1] === closed[0] * counted[1];
      }),
    ),
  ),
);

/** The stationary variances over η² s²: V₀ = K_m/(1 − r^{2m}), V_j = r^{2j} V₀ + K_j, exactly at r = p/q; the start and the mean over the epoch. */
function stationary(m: number, [p, q]: Ratio): { readonly start: number; readonly mean: number } {
  // K_j = top/(q^{2(j−1)}(m−1))
  const top = (j: number): bigint => {
    const powers = powersOf(p, q, j);
    return BigInt(m) * sum(powers.map((x) => x * x)) - sum(powers) ** 2n;
  };
  const M = BigInt(m);
  const scale = (j: number): bigint => q ** BigInt(2 * (m - j)); // over q^{2m}(m−1)
  const gap = q ** (2n * M) - p ** (2n * M);
  const start = top(m) * q ** 2n; // over gap (m−1)
  const rest = Array.from({ length: m }, (_, j) => j);
  const total = sum(
    rest.map((j) => p ** BigInt(2 * j) * scale(j) * start + (j > 0 ? top(j) * q ** 2n * scale(j) * gap : 0n)),
  );
  return { start: toNumber([start, gap * (M - 1n)]), mean: toNumber([total, gap * (M - 1n) * q ** (2n * M) * M]) };
}

export const shuffledVarianceOfSgd: Theorem = {
  id: 'shuffled-variance',
  statement:
    'without replacement the noises of an epoch add up to 0, and v at its start is η²(c/b)((n−b)/(n−1)) [m Σ r^{2i} − (Σ r^i)²]/((m−1)(1 − r^{2m})), r = 1 − ηλ, m = n/b; of that with replacement slow modes have (ηλ)²m(m+1)/12 at its start and ηλ(m+1)/3 in the mean over its steps, times (n−b)/(n−1)',
  formula: String.raw`\begin{gathered} \sum_{i=0}^{m-1} \zeta_i = 0, \qquad r = 1 - \eta\lambda, \qquad m = \frac nb \ge 2, \\ v_{\mathrm{start}} = \eta^2\, \frac cb\, \frac{n-b}{n-1}\, \frac{m \sum_{i<m} r^{2i} - \bigl(\sum_{i<m} r^i\bigr)^2}{(m-1)(1 - r^{2m})} \\ \text{at the start of an epoch}; \qquad v_\infty = \frac{\eta\,c}{b\,\lambda\,(2 - \eta\lambda)} \text{ with replacement}, \\ \frac{v_{\mathrm{start}}}{v_\infty} \sim \frac{n-b}{n-1}\, \frac{(\eta\lambda)^2\,m(m+1)}{12}, \qquad \frac{\overline v}{v_\infty} \sim \frac{n-b}{n-1}\, \frac{\eta\lambda\,(m+1)}{3} \\ (m\eta\lambda \to 0, \quad \overline v \text{ the mean over an epoch}) \end{gathered}`,
  assumptions: 'fixed H and the same n gradients, m batches in a new order each epoch',
  reference: 'every order of n ≤ 6 samples in exact fractions, and exchangeability for any n',
  method: 'rational proof',
  expected: 'proved',
  check(laws) {
    const cases = [
      [6, 2, 3], // 1/8, 1/64, …: x = ηλ = 2^−bits
      [6, 3, 1],
      [64, 4, 1],
      [64, 4, 4],
      [64, 4, 16],
      [60, 1, 30],
      [8, 8, 2],
    ] as const;
    const errors = cases.flatMap(([n, b, bits]) => shuffledErrors(laws, n, b, 1n, 1n << BigInt(bits)));
    const bouncing = shuffledErrors(laws, 20, 2, 13n, 8n);
    const off = worst([...errors, ...bouncing]);
    // Slow modes: Σ_{i<m} (i − (m−1)/2)² = m(m²−1)/12 and Σ_{j<m} j(m−j) = m(m²−1)/6.
    const [lambda, rule] = [2e-8, { learningRate: 0.5, batch: 5, samples: 200 }];
    const slow = laws.shuffledVariance(lambda, 1, rule);
    const share = (laws.stationaryVariance(lambda, 1, rule) * (200 - 5)) / 199;
    const slowness = worst([
      relativeDifference(slow.start, (share * 1e-8 ** 2 * 40 * 41) / 12),
      relativeDifference(slow.mean, (share * 1e-8 * 41) / 3),
    ]);
    return {
      holds: isClosedForm() && off <= 1e-12 && slowness <= 1e-6,
      evidence: `every order of 2, 4 and 6 samples, exact; epochs of up to 60 batches, ηλ = 2^−30 … 13/8, within ${scientific(off)}; slow modes within ${scientific(slowness)}`,
    };
  },
};

/** ηλ = x/y exactly. */
function shuffledErrors(laws: Laws, n: number, b: number, x: bigint, y: bigint): number[] {
  const [eta, c] = [0.5, 0.7];
  const lambda = (2 * Number(x)) / Number(y);
  const found = laws.shuffledVariance(lambda, c, { learningRate: eta, batch: b, samples: n });
  if (n === b) return [found.start, found.mean].map((v) => (v === 0 ? 0 : Infinity));
  const unit = (eta ** 2 * c * (n - b)) / (b * (n - 1));
  const { start, mean } = stationary(n / b, [y - x, y]);
  return [relativeDifference(found.start, unit * start), relativeDifference(found.mean, unit * mean)];
}
