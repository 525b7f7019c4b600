import type { Emitter } from './onnx-emitter.js';

/** 1/(1 + e^{−x}), accurate in the tail too, where ONNX Runtime's own Sigmoid is only good to ε itself, not to ε times the value. */
export function lowerSigmoid(emitter: Emitter, x: string): string {
  const odds = emitter.node('Exp', [emitter.node('Neg', [x])]);
  return emitter.node('Reciprocal', [emitter.node('Add', [odds, emitter.reals([1], [])])]);
}

/** max(x, 0) + log(1 + e^{−|x|}). */
export function lowerSoftplus(emitter: Emitter, x: string): string {
  const decayed = emitter.node('Exp', [emitter.node('Neg', [emitter.node('Abs', [x])])]);
  return emitter.node('Add', [emitter.node('Relu', [x]), lowerLog1p(emitter, decayed)]);
}

/**
 * log(1 + x), which ONNX does not have. With u = 1 + x as it is rounded, it is log u + (x − (u − 1))/u + O(ε²): the second term
 * holds what the rounding of u lost, and is all there is of it for tiny x.
 */
export function lowerLog1p(emitter: Emitter, x: string): string {
  const one = emitter.reals([1], []);
  const u = emitter.node('Add', [x, one]);
  const lost = emitter.node('Sub', [x, emitter.node('Sub', [u, one])]);
  return emitter.node('Add', [emitter.node('Log', [u]), emitter.node('Div', [lost, u])]);
}

/** 1 − tanh² x = 4 d/(1 + d)², d = e^{−2|x|}. */
export function lowerSechSquared(emitter: Emitter, x: string): string {
  const twice = emitter.node('Mul', [emitter.node('Abs', [x]), emitter.reals([-2], [])]);
  const decayed = emitter.node('Exp', [twice]);
  const u = emitter.node('Add', [decayed, emitter.reals([1], [])]);
  const ratio = emitter.node('Div', [decayed, emitter.node('Mul', [u, u])]);
  return emitter.node('Mul', [ratio, emitter.reals([4], [])]);
}
