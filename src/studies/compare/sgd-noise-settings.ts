/** How SGD at finite η/b is compared with its exact noise. */
export interface SgdNoiseSettings {
  readonly learningRate: number;
  readonly batch: number;
  /** Independent runs from each start. */
  readonly runs: number;
  readonly seed: number;
  /** Steps at which the gradient is measured, ascending; at the last one the Hessian too. */
  readonly steps: readonly number[];
  /** Features besides the k means: d = k + extra. */
  readonly extraFeatures: number;
  /** Family-wise level of the test of all rows. */
  readonly significance: number;
  /** How far off the wrong theories are, relative: the covariance C, η/b; C of the bulk alone by twice as much. */
  readonly wrongBy: number;
}

export const sgdNoiseDefaults: SgdNoiseSettings = {
  learningRate: 0.5,
  batch: 64,
  runs: 800,
  seed: 1,
  steps: Array.from({ length: 10 }, (_, i) => 20 * (i + 1)),
  extraFeatures: 4,
  significance: 0.01,
  wrongBy: 0.05,
};
