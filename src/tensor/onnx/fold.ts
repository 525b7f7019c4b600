import { size } from '../autodiff/value.js';
import { interpret } from '../autodiff/interpreter.js';
import { input, isCounted, topologicalOrder, type Tensor } from '../autodiff/tensor.js';
import { callOf, type CallParts } from './call.js';
import type { Operator } from './operator.js';
import { known, type Known, type Operand } from './operand.js';
import { operandsOf } from './operands-of.js';

/** Entries of an array that is calculated when the file is read. */
export const mostEntries = 2 ** 22;

/**
 * The outputs of a node whose inputs are all known, as known values; undefined where they are not, or where the outputs have an axis of samples.
 * The interpreter calculates them, and what is linear it calculates once more for the factors of n. Throws DataError for more than 2²² entries.
 */
export function folded(operator: Operator, parts: CallParts): readonly Operand[] | undefined {
  const inputs = parts.inputs.filter((value) => value !== undefined);
  if (!inputs.every((value) => value.kind === 'known')) return undefined;
  if (operator.symbolic !== undefined && inputs.some(({ samples }) => samples !== undefined)) {
    return [operator.symbolic(callOf(parts))];
  }
  const names = new Map<Operand, string>();
  const lift = (value: Operand): Tensor => {
    const name = names.get(value) ?? `#${names.size}`;
    names.set(value, name);
    return input(name, (value as Known).shape);
  };
  const call = callOf({ ...parts, lift });
  const results = operandsOf(operator.apply(call), parts);
  const graphs = results.flatMap((value) => (value.kind === 'computed' ? [value.tensor] : []));
  const order = topologicalOrder(graphs);
  if (order.some(({ shape }) => shape.some(isCounted))) return undefined;
  const entries = order.map(({ shape }) => size(shape as readonly number[]));
  if (entries.some((many) => many > mostEntries)) {
    return call.fail(
      `it makes an array of ${Math.max(...entries)} entries; at most ${mostEntries} are calculated beforehand`,
    );
  }
  const isLinear = (value: Operand): boolean =>
    operator.linear === 'all' || (operator.linear ?? []).some((i) => parts.inputs[i] === value);
  const lifted = [...names] as [Known, string][];
  const holdsSamples = lifted.some(([{ samples }]) => samples !== undefined);
  if (lifted.some(([value]) => value.samples !== undefined && !isLinear(value))) return undefined;
  const at = (plane: (value: Known) => Float64Array): Float64Array[] =>
    interpret(graphs, Object.fromEntries(lifted.map(([value, name]) => [name, plane(value)]))).map(({ data }) => data);
  const data = at((value) => value.data);
  const samples = holdsSamples
    ? at((value) => (isLinear(value) ? (value.samples ?? new Float64Array(value.data.length)) : value.data))
    : [];
  let next = 0;
  return results.map((value): Operand => {
    if (value.kind !== 'computed') return value;
    const i = next++;
    return known(value.type, value.tensor.shape as readonly number[], data[i]!, samples[i]);
  });
}
