import type { Experiment } from '../experiment.js';
import { biasSplit } from './bias-split.js';
import { classMeans } from './class-means.js';
import { dominantBulk } from './dominant-bulk.js';
import { fig1a } from './fig1a.js';
import { fig2a } from './fig2a.js';
import { gradientRecurrence } from './gradient-recurrence.js';
import { linearDecrease } from './linear-decrease.js';
import { lowRankNewton } from './low-rank-newton.js';
import { outliers } from './outliers.js';
import { table1, table1Sine } from './table1.js';

/** All experiments, in the order of the page. */
export const experiments: readonly Experiment[] = [
  table1,
  table1Sine,
  fig1a,
  fig2a,
  linearDecrease,
  gradientRecurrence,
  lowRankNewton,
  dominantBulk,
  biasSplit,
  classMeans,
  outliers,
];
