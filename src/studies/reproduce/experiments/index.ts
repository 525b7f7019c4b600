import type { Experiment } from '../experiment.js';
import { biasSplit } from './bias-split.js';
import { classMeans } from './class-means.js';
import { fig1Cifar10, table1Cifar10 } from './cifar10.js';
import { convnet } from './convnet.js';
import { dominantBulk } from './dominant-bulk.js';
import { fig1a } from './fig1a.js';
import { fig2a } from './fig2a.js';
import { gradientRecurrence } from './gradient-recurrence.js';
import { linearDecrease } from './linear-decrease.js';
import { lowRankNewton } from './low-rank-newton.js';
import { outliers } from './outliers.js';
import { randomLabels } from './random-labels.js';
import { table1 } from './table1.js';
import { table1Sine } from './table1-sine.js';

/** All experiments, in the order of the page. */
export const experiments: readonly Experiment[] = [
  table1,
  randomLabels,
  table1Sine,
  table1Cifar10,
  fig1a,
  fig2a,
  fig1Cifar10,
  convnet,
  linearDecrease,
  gradientRecurrence,
  lowRankNewton,
  dominantBulk,
  biasSplit,
  classMeans,
  outliers,
];
