/** Least and most of each setting of `compare` that is a number. */
export const compareRanges = {
  classes: [2, 19],
  noise: [0, 1],
  seeds: [1, 1000],
  replicas: [1, 1000],
  samples: [16, 1_000_000],
  dim: [0, 100],
  times: [0.01, 1000],
  significance: [1e-9, 0.5],
  wrong: [0.001, 0.3],
  runs: [10, 1e6],
} as const;

/** Settings that would change nothing without --sgd-noise, by the names of their options, and why. */
export const unusedInComparison = ({ noise }: { readonly noise: readonly number[] }) =>
  [
    { when: true, options: ['runs'], why: 'it is for --sgd-noise; without it --seeds and --replicas say how many' },
    {
      when: noise.every((sigma) => sigma === 0),
      options: ['replicas', 'samples', 'significance', 'wrong'],
      why: 'without noise nothing is sampled, and no error bar is tested',
    },
  ] as const;

/** Settings that would change nothing with --sgd-noise, which has runs of its own. */
export const unusedInSgdNoise = ['seeds', 'replicas', 'samples', 'times'] as const;
