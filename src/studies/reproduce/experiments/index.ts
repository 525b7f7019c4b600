import type { Experiment } from '../engine/experiment.js';
import { biasSplit } from './bias-split/index.js';
import { classMeans } from './class-means/index.js';
import { convnet } from './convnet/index.js';
import { dominantBulk } from './dominant-bulk/index.js';
import { fig1a } from './fig1a/index.js';
import { fig1Cifar10 } from './fig1c-f/index.js';
import { fig2a } from './fig2a/index.js';
import { gradientRecurrence } from './gradient-recurrence/index.js';
import { grokking } from './grokking/index.js';
import { linearDecrease } from './linear-decrease/index.js';
import { lowRankNewton } from './low-rank-newton/index.js';
import { lawOfNoise } from './noise-law/index.js';
import { outliers } from './outliers/index.js';
import { quench } from './quench/index.js';
import { randomLabels } from './random-labels/index.js';
import { table1 } from './table1/index.js';
import { table1Cifar10 } from './table1-cifar10/index.js';
import { table1Sine } from './table1-sine/index.js';

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
  lawOfNoise,
  quench,
  grokking,
];
