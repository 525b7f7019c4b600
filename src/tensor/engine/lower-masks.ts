import type { CanonicalNode } from './canonical.js';
import type { Lowering } from './lowering.js';
import type { Emitter } from './onnx-emitter.js';
import { dataType } from './onnx-schema.js';

/** Where the value of a node is not 0, as truth values: those of the comparison that it is, else its value's, which is `name`. */
export function lowerMask({ names, emitter }: Lowering, { operation, inputs }: CanonicalNode, name = ''): string {
  const operands = inputs.map((input) => names[input]!);
  switch (operation.kind) {
    case 'step':
      return emitter.node('Greater', [operands[0]!, emitter.reals([0], [])]);
    case 'greater':
      return emitter.node('Greater', operands);
    case 'equal':
      return emitter.node('Equal', operands);
    default:
      return emitter.node('Cast', [name], { to: dataType.bool });
  }
}

/** 1 where true, 0 where false, in the graph's precision. */
export function toReal(emitter: Emitter, mask: string): string {
  return emitter.node('Cast', [mask], { to: dataType[emitter.precision] });
}
