/** Least and most of each setting that is a number. */
export const solveRanges = {
  classes: [2, 10_000],
  dim: [2, 1e6],
  times: [0, 1e12],
  margin: [0, 1e5],
  noise: [0, 10],
  levels: [1, 1e6],
  draws: [2, 1e5],
  etaOverB: [1e-12, 1e3],
} as const;

export const boundaryRanges = { classes: [2, 10_000], noise: [0.01, 10] } as const;

export const responseRanges = {
  classes: [2, 1000],
  dim: [2, 1e6],
  noise: [0, 10],
  delta: [1e-12, 10],
  times: [0, 1e12],
  draws: [10, 1e6],
  threshold: [0.001, 0.999],
} as const;
