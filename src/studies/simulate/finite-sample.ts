import { UsageError } from '../../errors.js';
import { sampleMixture } from '../../data/gaussian-mixture.js';
import { denseEigen } from '../../numeric/kernels/dense-eigen.js';
import { measuredSpectrum, topFraction } from '../../observe/index.js';
import { regressionPoint } from '../../loss/softmax/softmax-regression.js';

/** Spectrum and gradient of samples of n points at W = αB, over independent data sets. */
export interface FiniteSample {
  readonly samples: number;
  /** Eigenvalues by rank, descending: mean and standard deviation over the data sets. */
  readonly eigenvalues: readonly { readonly mean: number; readonly deviation: number }[];
  /** f_top(k) of the sample's gradient in the sample's eigenspace. */
  readonly topFraction: { readonly mean: number; readonly deviation: number };
  /** ‖ĝ − G‖²/‖G‖², G the population's gradient: the population statement needs it to be small. */
  readonly gradientNoise: number;
}

/**
 * How the levels of the population broaden in finite samples, and how f_top(k) departs from its exact value: the sample Hessian is
 * diagonalised densely (kd ≤ 400) for each of `draws` data sets, keyed by (seed, n, draw). `gradient` is the population's along B, −marginRate.
 * Throws UsageError for larger models. Cost: kd Hessian products and O((kd)³) per data set.
 */
export function finiteSample(
  model: { readonly classes: number; readonly dim: number; readonly noise: number; readonly margin: number },
  marginRate: number,
  samples: number,
  { draws: count, seed }: { readonly draws: number; readonly seed: number },
): FiniteSample {
  const { classes: k, dim, margin } = model;
  if (k * dim > 400) throw new UsageError(`finiteSample needs classes · dim ≤ 400, received ${k} · ${dim}`);
  const B = Float64Array.from({ length: k * dim }, (_, i) =>
    i % dim < k ? (i % dim === Math.floor(i / dim) ? 1 : 0) - 1 / k : 0,
  );
  const weights = B.map((x) => margin * x);
  const draws = Array.from({ length: count }, (_, draw) => {
    const { loss, gradient, hessian } = regressionPoint(sampleMixture(model, samples, seed, samples, draw), weights);
    const pairs = denseEigen(hessian);
    const spectrum = measuredSpectrum(pairs);
    const { lower } = topFraction(
      { time: 0, loss, parameters: k * dim, gradient, hessian, spectrum, origin: 'trained' },
      k,
    );
    const noise = gradient.reduce((sum, g, i) => sum + (g + marginRate * B[i]!) ** 2, 0);
    return { values: pairs.values, fraction: lower, noise: noise / (marginRate ** 2 * (k - 1)) };
  });
  return {
    samples,
    eigenvalues: Array.from({ length: k * dim }, (_, i) => meanAndDeviation(draws.map(({ values }) => values[i]!))),
    topFraction: meanAndDeviation(draws.map(({ fraction }) => fraction)),
    gradientNoise: meanAndDeviation(draws.map(({ noise }) => noise)).mean,
  };
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, deviation: Math.sqrt(variance) };
}
