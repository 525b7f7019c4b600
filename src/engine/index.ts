export { nativeRuntime } from './native.js';
export type { Precision } from '../numeric/float-array.js';
export { compile, type Program, type ProgramOptions, type Reals, type Runtime } from './program.js';
