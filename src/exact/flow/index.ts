export { solveFlow, type FlowOptions, type FlowSolution, type VectorField } from './dormand-prince.js';
export { integrateSoftmaxFlow, softmaxField } from './softmax-flow.js';
