export type { DescentConfig, DescentMethod, DescentRecord } from './descent-config.js';
export { finiteSample, type FiniteSample } from './finite-sample.js';
export { descend } from './subspace-descent.js';
