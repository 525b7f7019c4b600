import type { CanonicalGraph, CanonicalNode } from './canonical.js';
import type { Shape } from '../autodiff/tensor.js';
import { reshaped, type Lowering } from './lowering.js';
import type { Emitter } from './onnx-emitter.js';

/** a + b: Gemm where one of them is a matrix product of no other use, Sub where one is negated. */
export function lowerSum({ graph, names, emitter }: Lowering, node: CanonicalNode): string {
  const [first, second] = node.inputs as [number, number];
  for (const [product, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const { operation, inputs } = graph.nodes[product]!;
    if (operation.kind === 'matmul' && names[product] === '') {
      const otherName = names[other] === '' ? gemmOf({ graph, names, emitter }, other) : names[other]!;
      return gemm(emitter, [...inputs.map((input) => names[input]!), otherName], operation);
    }
  }
  for (const [negative, other] of [
    [second, first],
    [first, second],
  ] as const) {
    const { operation, inputs } = graph.nodes[negative]!;
    if (operation.kind === 'negate') return emitter.node('Sub', [names[other]!, names[inputs[0]!]!]);
  }
  return emitter.node('Add', [names[first]!, names[second]!]);
}

/** Is this product taken by one sum only, which can carry it out, and which the product's shape covers? */
export function isAddedTo({ nodes, takers, outputs }: CanonicalGraph, number: number): boolean {
  if (takers[number]!.length !== 1 || outputs.includes(number)) return false;
  const taker = nodes[takers[number]![0]!]!;
  return (
    taker.operation.kind === 'add' &&
    taker.shape.length === 2 &&
    taker.shape.every((dim, i) => dim === nodes[number]!.shape[i])
  );
}

function gemmOf({ graph, names, emitter }: Lowering, number: number): string {
  const { operation, inputs } = graph.nodes[number]!;
  return gemm(
    emitter,
    inputs.map((input) => names[input]!),
    operation as Extract<CanonicalNode['operation'], { kind: 'matmul' }>,
  );
}

export function gemm(
  emitter: Emitter,
  operands: readonly string[],
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
): string {
  return emitter.node('Gemm', operands, { transA: Number(transposeA), transB: Number(transposeB) });
}

/** The products of many matrices: MatMul, or ONNX Runtime's own FusedMatMul, which has flags of transposition. */
export function batchedProduct(
  emitter: Emitter,
  operands: readonly [string, string],
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
): string {
  if (!transposeA && !transposeB) return emitter.node('MatMul', operands);
  return emitter.node('FusedMatMul', operands, { transA: Number(transposeA), transB: Number(transposeB) });
}

/**
 * The products of many matrices. ONNX Runtime makes a number that an operand or the result is multiplied by an attribute of the product, in
 * single precision: in f64 reshapings, which copy nothing, keep them apart.
 */
export function lowerBatchedProduct({ graph, names, emitter }: Lowering, node: CanonicalNode): string {
  const operation = node.operation as Extract<CanonicalNode['operation'], { kind: 'matmul' }>;
  const apart = (name: string, shape: Shape): string =>
    emitter.precision === 'f64' ? reshaped(emitter, name, shape) : name;
  const [a, b] = node.inputs.map((input) => apart(names[input]!, graph.nodes[input]!.shape)) as [string, string];
  return apart(batchedProduct(emitter, [a, b], operation), node.shape);
}

/** a b: Div where one is a reciprocal. */
export function lowerProduct({ graph, names, emitter }: Lowering, { inputs }: CanonicalNode): string {
  const [first, second] = inputs as [number, number];
  for (const [inverse, other] of [
    [second, first],
    [first, second],
  ] as const) {
    const { operation, inputs: below } = graph.nodes[inverse]!;
    if (operation.kind === 'reciprocal') return emitter.node('Div', [names[other]!, names[below[0]!]!]);
  }
  return emitter.node('Mul', [names[first]!, names[second]!]);
}
