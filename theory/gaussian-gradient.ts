import { isIdenticallyZero } from './exact/identity.js';
import type { Laws } from './laws.js';
import { once, relativeDifference, scientific, worst } from './numerics.js';
import { dirichletAverage } from './quadrature/dirichlet.js';
import type { Theorem } from './theorem.js';

type Level = Parameters<Laws['gaussianOverlap']>[0][number];

/** Spectra with multiplicities, descending. */
const spectra = [
  { values: [1, 0.3, 0.01], multiplicities: [2, 3, 40] },
  { values: [0.9, 0.5, 0.4, 0.1], multiplicities: [1, 4, 2, 5] },
  { values: [0.05, 0.02, 1e-4], multiplicities: [9, 1, 5000] },
];
const rules = [{ learningRateOverBatch: 0.01 }, { learningRate: 0.3, batch: 8 }, { learningRate: 1.9, batch: 1 }];

export const noiseLaw: Theorem = {
  id: 'noise-law',
  statement:
    'where C ∝ H the spectrum alone says what noise does: E g_i² ∝ λ_i²/(2 − ηλ_i), f_top(m) = Σ_{i≤m} λ_i²/(2 − ηλ_i) over the whole, Σ_{i≤m} λ_i²/Tr H² for ηλ ≪ 1, whatever η/b',
  formula: String.raw`\begin{gathered} C \propto H \;\Longrightarrow\; \mathbb E\,g_i^2 \propto \frac{\lambda_i^2}{2 - \eta\lambda_i}, \\ \frac{\mathbb E\lVert P_m g\rVert^2}{\mathbb E\lVert g\rVert^2} = \frac{\sum_{i \le m} \lambda_i^2/(2 - \eta\lambda_i)}{\sum_i \lambda_i^2/(2 - \eta\lambda_i)} \;\xrightarrow{\eta\lambda \to 0}\; \frac{\sum_{i \le m} \lambda_i^2}{\operatorname{Tr} H^2} \end{gathered}`,
  assumptions: 'stationary noise, C = κH; a level that m cuts gives an interval',
  reference: 'stationary-variance',
  method: 'symbolic proof',
  expected: 'proved',
  check(laws) {
    // λ² v of two modes with c = κλ, over κη/b, v = c/(λ(2 − ηλ)).
    const energy = (l: string): string => `(${l}^2 * ${l}/(${l}*(2 - n*${l})))`;
    const proven = isIdenticallyZero(
      `${energy('x')}*(y^2/(2 - n*y)) - ${energy('y')}*(x^2/(2 - n*x))`,
      ['x', 'y', 'n'],
      6,
    );
    const errors = spectra.flatMap(({ values, multiplicities }) =>
      rules.flatMap((rule) => {
        const eta = 'learningRate' in rule ? rule.learningRate : 0;
        const levels = values.map((eigenvalue, i) => ({
          eigenvalue,
          multiplicity: multiplicities[i]!,
          variance: laws.stationaryEnergy(eigenvalue, 0.4 * eigenvalue, rule),
        }));
        const eigenvalues = values.flatMap((value, i) => new Array<number>(multiplicities[i]!).fill(value));
        const share = (top: readonly number[]): number =>
          top.reduce((sum, x) => sum + x ** 2 / (2 - eta * x), 0) /
          eigenvalues.reduce((sum, x) => sum + x ** 2 / (2 - eta * x), 0);
        return [1, 2, 5, 9, 10].flatMap((m) => {
          const { lower, upper } = laws.expectedFraction(levels, m);
          const isCut = eigenvalues[m - 1] === eigenvalues[m];
          const cut = eigenvalues[m - 1]!;
          const ends = isCut
            ? [eigenvalues.filter((x) => x > cut), eigenvalues.filter((x) => x >= cut)]
            : [eigenvalues.slice(0, m), eigenvalues.slice(0, m)];
          return [relativeDifference(lower, share(ends[0]!)), relativeDifference(upper, share(ends[1]!))];
        });
      }),
    );
    return {
      holds: proven && worst(errors) <= 1e-11,
      evidence: `symbolic in λ_i, λ_j and η; three spectra of up to 5010 directions, cut and uncut, to ${scientific(worst(errors))}`,
    };
  },
};

/** Levels of every kind: alike, apart by decades, with many and few components, with a flow. */
const gradients: readonly (readonly Level[])[] = [
  [
    { eigenvalue: 1, multiplicity: 3, variance: 0.5 },
    { eigenvalue: 0.2, multiplicity: 7, variance: 0.5 },
  ],
  [
    { eigenvalue: 1, multiplicity: 1, variance: 2 },
    { eigenvalue: 0.01, multiplicity: 1, variance: 1e-3 },
  ],
  [
    { eigenvalue: 0.5, multiplicity: 9, variance: 0.1 },
    { eigenvalue: 0.02, multiplicity: 3000, variance: 2e-4 },
  ],
  [
    { eigenvalue: 0.5, multiplicity: 4, variance: 0.1 },
    { eigenvalue: 0.3, multiplicity: 2, variance: 0.04 },
    { eigenvalue: 0.01, multiplicity: 12, variance: 0.003 },
  ],
  [
    { eigenvalue: 2, multiplicity: 2, variance: 0.1, flow: 0.9 },
    { eigenvalue: 0.3, multiplicity: 6, variance: 0.02 },
  ],
  [
    { eigenvalue: 2, multiplicity: 1, variance: 0.1, flow: 0.05 },
    { eigenvalue: 0.3, multiplicity: 40, variance: 0.02, flow: 0.2 },
  ],
];

type Moments = readonly [mean: number, spread: number];

/**
 * Moments over the Gaussian gradient of functions f of degree 0 in its energies: chi-square variables over their sum are Dirichlet, independent of it; a mean of squared length φ adds
 * 2N components, N Poisson of mean φ/2v. Terms of weight below 1e-12 are left out.
 */
function average(levels: readonly Level[], f: (energies: readonly number[]) => readonly number[]): Moments[] {
  const counts = levels.map(({ flow = 0, variance }) => poisson(flow / (2 * variance)));
  const sums: number[] = [];
  const visit = (extra: readonly number[], weight: number): void => {
    if (weight < 1e-12) return;
    if (extra.length < levels.length) {
      counts[extra.length]!.forEach((share, n) => {
        visit([...extra, n], share * weight);
      });
      return;
    }
    dirichletAverage(
      levels.map(({ multiplicity }, i) => multiplicity / 2 + extra[i]!),
      (shares) => f(shares.map((share, i) => share * levels[i]!.variance)).flatMap((x) => [x, x ** 2]),
    ).forEach((x, i) => (sums[i] = (sums[i] ?? 0) + weight * x));
  };
  visit([], 1);
  return sums.flatMap((square, i) => {
    if (i % 2 === 0) return [];
    const mean = sums[i - 1]!;
    return [[mean, Math.sqrt(Math.max(0, square - mean ** 2))] as const];
  });
}

function poisson(mean: number): number[] {
  const terms = [Math.exp(-mean)];
  while (mean > 0 && (terms.length < mean || terms.at(-1)! > 1e-13)) terms.push((terms.at(-1)! * mean) / terms.length);
  return terms;
}

/** Of overlap(g, Hg), and of the shares of the first level and of the first two. */
const ownMoments = gradients.map((levels) =>
  once(() =>
    average(levels, (energies) => {
      const power = (p: number): number => sumOf(energies.map((x, i) => x * levels[i]!.eigenvalue ** p));
      const total = power(0);
      return [power(1) / Math.sqrt(total * power(2)), energies[0]! / total, (energies[0]! + energies[1]!) / total];
    }),
  ),
);

const sumOf = (x: readonly number[]): number => x.reduce((sum, y) => sum + y, 0);

export const gaussianShares: Theorem = {
  id: 'gaussian-shares',
  statement:
    'of a Gaussian gradient f_top(m) and overlap(g, Hg) have the mean and spread of functions of Dirichlet variables; of equal variances f_top(m) is beta distributed, of mean m/n and variance 2m(n−m)/(n²(n+2))',
  formula: String.raw`\begin{gathered} f_{\mathrm{top}}(m) \stackrel{d}{=} \frac{\sum_{i\,\mathrm{top}} s_i D_i}{\sum_i s_i D_i}, \qquad \operatorname{overlap}(g, Hg) \stackrel{d}{=} \frac{\sum_i \lambda_i s_i D_i}{\sqrt{\sum_i s_i D_i\, \sum_i \lambda_i^2 s_i D_i}}, \\ D \sim \operatorname{Dirichlet}\Bigl(\frac{n_i}{2} + N_i\Bigr), \qquad N_i \sim \operatorname{Poisson}\Bigl(\frac{\varphi_i}{2 s_i}\Bigr), \\ n_i \text{ components of variance } s_i \text{ in level } i, \quad n = \sum_i n_i, \\ s_i = s,\; \varphi_i = 0: \qquad f_{\mathrm{top}}(m) \sim \operatorname{Beta}\Bigl(\frac m2, \frac{n-m}2\Bigr), \\ \text{of mean } \frac mn \text{ and variance } \frac{2m(n-m)}{n^2(n+2)} \end{gathered}`,
  assumptions: 'independent components about a mean; levels not cut, or counted not at all and whole',
  reference: 'chi-square variables over their sum are independent of it; Poisson mixtures for the mean',
  method: 'certified numerics',
  expected: 'checked',
  check(laws) {
    const errors = gradients.flatMap((levels, i) => {
      const total = sumOf(levels.map(({ multiplicity: n, variance, flow = 0 }) => n * variance + flow));
      const [overlap, alone, both] = ownMoments[i]!() as [Moments, Moments, Moments];
      const first = levels[0]!.multiplicity;
      const { lower, upper } = laws.gaussianFraction(levels, first);
      const cut = laws.gaussianFraction(levels, first + 1); // cuts the second level, unless it has one component
      const expected = laws.expectedFraction(levels, first);
      const energy = first * levels[0]!.variance + (levels[0]!.flow ?? 0);
      const isWhole = levels[1]!.multiplicity === 1;
      const found = laws.gaussianOverlap(levels);
      const off = ({ mean, spread }: { mean: number; spread: number }, [m, s]: Moments): number[] => [
        Math.abs(mean - m) / m,
        Math.abs(spread ** 2 - s ** 2) / (s ** 2 + 0.01 * m ** 2), // a difference
      ];
      return [
        ...off(found, overlap),
        ...off(lower, alone),
        ...off(upper, alone),
        ...off(cut.lower, isWhole ? both : alone),
        ...off(cut.upper, both),
        relativeDifference(expected.lower, energy / total),
        relativeDifference(expected.upper, energy / total),
      ];
    });
    const beta = laws.gaussianFraction(gradients[0]!, 3).lower;
    const closed = worst([
      relativeDifference(beta.mean, 3 / 10),
      relativeDifference(beta.spread, Math.sqrt((2 * 3 * 7) / (100 * 12))),
    ]);
    return {
      holds: worst(errors) <= 1e-7 && closed <= 1e-9,
      evidence: `six gradients of up to 3009 components, with and without a mean: within ${scientific(worst(errors))}; the beta law within ${scientific(closed)}`,
    };
  },
};
