/** The mean of a stationary series, and how far it may be from that of the process. */
export interface BatchMean {
  readonly mean: number;
  /** Student's t with batches − 1 degrees of freedom goes with it; null where the series is too short to tell. */
  readonly standardError: number | null;
  /** Values. */
  readonly count: number;
  /** Batches whose means were compared; 0 where there is no standard error. */
  readonly batches: number;
}

/** Fewer batches say too little of their own spread. */
const fewestBatches = 4;

/** Batches at least so many autocorrelation times long: their means then hardly know of each other. */
const timesPerBatch = 3;

/**
 * The mean of n values that depend on each other, as those of steps of one run do, with its standard error by nonoverlapping batch means (Flegal & Jones 2010,
 * Ann. Statist. 38, 1034): with a = ⌊n/b⌋ batches of b successive values, the last one ending the series, and their means y_j,
 *   SE² = b/(a − 1) Σ_j (y_j − ȳ)² / n,  b = max(⌊√n⌋, ⌈3 τ⌉).
 * ⌊√n⌋ is their choice, for which SE² is strongly consistent; the estimated autocorrelation time τ makes batches longer where √n of them are not yet enough. The
 * standard error is null for fewer than four batches: for n < 16, and for series of less than some 12 τ. The expected SE² of AR(1) is too small by the share
 * (τ² − 1)/(2τ b) < 1/6; in series of less than some 20 τ, of which many are null, τ itself comes out too small.
 *
 * The mean of no values is NaN. Cost: O(n τ), at most O(n²).
 */
export function batchMeans(values: readonly number[]): BatchMean {
  const count = values.length;
  const mean = meanOf(values);
  const none = { mean, standardError: null, count, batches: 0 };
  if (count < fewestBatches ** 2) return none;
  const shifted = values.map((x) => x - values[0]!); // exactly zero where nothing changes
  const length = Math.max(Math.floor(Math.sqrt(count)), Math.ceil(timesPerBatch * autocorrelationTime(shifted)));
  const batches = Math.floor(count / length);
  if (batches < fewestBatches) return none;
  const first = count - batches * length;
  const means = Array.from({ length: batches }, (_, j) =>
    meanOf(shifted.slice(first + j * length, first + (j + 1) * length)),
  );
  const middle = meanOf(means);
  const spread = means.reduce((sum, y) => sum + (y - middle) ** 2, 0) / (batches - 1);
  return { mean, standardError: Math.sqrt((length * spread) / count), count, batches };
}

/**
 * τ = 1 + 2 Σ_{k≥1} ρ_k, in steps of the series, with the sum cut at the first pair ρ_{2k} + ρ_{2k+1} that is not positive (Geyer 1992, Statist. Sci. 7, 473,
 * §3.3); 1 for a constant series.
 */
function autocorrelationTime(values: readonly number[]): number {
  const mean = meanOf(values);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < values.length; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    return sum;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return 1;
  let sum = -variance;
  for (let lag = 0; lag + 1 < values.length; lag += 2) {
    const pair = covariance(lag) + covariance(lag + 1);
    if (!(pair > 0)) break;
    sum += 2 * pair;
  }
  return sum / variance;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
