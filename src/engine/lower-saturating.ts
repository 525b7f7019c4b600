import type { Emitter } from './onnx-emitter.js';

/** 1/(1 + e^{−x}), accurate in the tail too, where ONNX Runtime's own Sigmoid is only good to ε itself, not to ε times the value. */
export function lowerSigmoid(emitter: Emitter, x: string): string {
  const odds = emitter.node('Exp', [emitter.node('Neg', [x])]);
  return emitter.node('Reciprocal', [emitter.node('Add', [odds, emitter.reals([1], [])])]);
}

/**
 * max(x, 0) + log(1 + d), d = e^{−|x|}. With u = 1 + d as it is rounded, log(1 + d) = log u + (d − (u − 1))/u + O(ε²): the
 * second term holds what the rounding of u lost, and is all there is of it in the tail.
 */
export function lowerSoftplus(emitter: Emitter, x: string): string {
  const one = emitter.reals([1], []);
  const decayed = emitter.node('Exp', [emitter.node('Neg', [emitter.node('Abs', [x])])]);
  const u = emitter.node('Add', [decayed, one]);
  const lost = emitter.node('Sub', [decayed, emitter.node('Sub', [u, one])]);
  const logarithm = emitter.node('Add', [emitter.node('Log', [u]), emitter.node('Div', [lost, u])]);
  return emitter.node('Add', [emitter.node('Relu', [x]), logarithm]);
}
