export { nativeRuntime } from './native.js';
export { onnxRuntime } from './onnx-runtime.js';
export { webRuntime } from './web.js';
export { stoppableRuntime } from './stoppable-runtime.js';
export type { Runtime } from './runtime.js';
export type { Precision } from '../../numeric/kernels/float-array.js';
export { compile, type Program, type ProgramOptions, type Reals } from './program.js';
