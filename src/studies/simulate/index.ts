export { finiteSample, type FiniteSample } from './finite-sample.js';
export { descend, type DescentConfig, type DescentMethod, type DescentRecord } from './subspace-descent.js';
