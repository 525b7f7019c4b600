import { DataError } from '../../errors.js';
import { nodeName } from './call.js';
import type { OnnxNode } from './graph.js';
import type { Operator } from './operator.js';
import { activationOperators } from './operators/activation.js';
import { arithmeticOperators } from './operators/arithmetic.js';
import { comparisonOperators } from './operators/comparison.js';
import { constantOperators } from './operators/constant.js';
import { controlOperators } from './operators/control.js';
import { convolutionOperators } from './operators/convolution.js';
import { indexingOperators } from './operators/indexing.js';
import { normalisationOperators } from './operators/normalisation.js';
import { poolingOperators } from './operators/pooling.js';
import { productOperators } from './operators/product.js';
import { reductionOperators } from './operators/reduction.js';
import { resizeOperators } from './operators/resize.js';
import { shapingOperators } from './operators/shaping.js';
import { softmaxOperators } from './operators/softmax.js';
import { refusedFamilies } from './refused.js';

/** The operators of ONNX that are imported, by family. */
export const operatorFamilies: readonly (readonly [family: string, operators: readonly Operator[]])[] = [
  ['Arithmetic', arithmeticOperators],
  ['Comparison and logic', comparisonOperators],
  ['Activations', activationOperators],
  ['Matrix products', productOperators],
  ['Convolutions', convolutionOperators],
  ['Pools and sizes', [...poolingOperators, ...resizeOperators]],
  ['Normalisation', normalisationOperators],
  ['Softmax and losses', softmaxOperators],
  ['Reductions', reductionOperators],
  ['Shapes', shapingOperators],
  ['Indices', indexingOperators],
  ['Constants', constantOperators],
  ['Control', controlOperators],
];

const operators = new Map(operatorFamilies.flatMap(([, family]) => family.map((one) => [one.name, one] as const)));

/** The operator of a node. Throws DataError, saying why and what could be done, for one that is not imported. */
export function operatorOf(node: OnnxNode): Operator {
  const { type, domain } = node;
  const found = domain === '' ? operators.get(type) : undefined;
  if (found !== undefined) return found;
  const where = nodeName(node);
  if (domain !== '') {
    throw new DataError(
      `${where}: operators of '${domain}' are not imported; export with ONNX's own operators (without an optimiser that fuses them)`,
    );
  }
  const family = refusedFamilies.find(({ names }) => names.includes(type));
  throw new DataError(
    `${where}: ${
      family?.why ??
      `the operator '${type}' is not imported; docs/operators.md lists those that are: rewrite the layer in them and export again`
    }`,
  );
}
