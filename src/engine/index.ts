export { nativeRuntime } from './native.js';
export type { Precision } from './onnx-emitter.js';
export { compile, type Program, type ProgramOptions, type Reals, type Runtime } from './program.js';
