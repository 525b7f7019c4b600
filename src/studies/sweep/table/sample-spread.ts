/** What independent values say of their mean; null where there are too few. */
export interface SampleSpread {
  readonly mean: number | null;
  /** √(Σ (x − mean)²/(n − 1)). */
  readonly sd: number | null;
  /** sd/√n, that of the mean. */
  readonly se: number | null;
  readonly n: number;
}

/** Mean, standard deviation and standard error of values, summed in their order; of fewer than two no sd and se, of none no mean. Cost: O(n). */
export function sampleSpread(values: readonly number[]): SampleSpread {
  const n = values.length;
  const mean = n === 0 ? null : values.reduce((sum, x) => sum + x, 0) / n;
  if (mean === null || n < 2) return { mean, sd: null, se: null, n };
  const largest = values.reduce((most, x) => Math.max(most, Math.abs(x - mean)), 0);
  const unit = largest > 1e150 || (largest > 0 && largest < 1e-150) ? largest : 1; // squares that are no numbers any more
  const sd = unit * Math.sqrt(values.reduce((sum, x) => sum + ((x - mean) / unit) ** 2, 0) / (n - 1));
  return { mean, sd, se: sd / Math.sqrt(n), n };
}
