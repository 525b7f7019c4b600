/** How the comparison is made. */
export interface CompareSettings {
  readonly seeds: readonly number[];
  /** Independent data sets of each seed. */
  readonly replicas: number;
  /** Flow times, ascending. */
  readonly times: readonly number[];
  /** Features besides the k means: d = k + extra. */
  readonly extraFeatures: number;
  /** At least as many samples in each data set; below four classes twice as many. */
  readonly samples: number;
  /** Family-wise level of the test of the whole table. */
  readonly significance: number;
  /** How far off the wrong theories are, relative: σ, the weights, the bulk level; a prior by three times as much. */
  readonly wrongBy: number;
}

export const compareDefaults: CompareSettings = {
  seeds: [1, 2, 3],
  replicas: 8,
  times: [4, 12, 36],
  extraFeatures: 2,
  samples: 2048,
  significance: 0.01,
  wrongBy: 0.01,
};

/** Gradient descent on the whole sample, or one pass of SGD through it. */
export type CompareMethod = 'gd' | 'sgd';
