import type { Experiment } from '../experiment.js';
import { fig1a } from './fig1a.js';
import { fig2a } from './fig2a.js';
import { table1, table1Sine } from './table1.js';

/** All experiments, in the order of the page. */
export const experiments: readonly Experiment[] = [table1, table1Sine, fig1a, fig2a];
