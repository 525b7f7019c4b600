import { broadcast, constant, isCounted, reshape, transpose, type Shape, type Tensor } from '../../autodiff/index.js';
import { broadcastShape } from '../../autodiff/tensor.js';
import { axesOf, checkSize, merged, without } from '../axes.js';
import type { Call } from '../call.js';
import { elementFormat, isFloat, isInteger, type OnnxType } from '../element-type.js';
import type { Operator } from '../operator.js';
import { dimOf, underShape } from '../reshape.js';
import { affine, entriesOfKnown } from '../symbolic.js';
import { computed, isUniform, type Operand } from '../operand.js';
import { truncated } from './arithmetic.js';
import { notZero } from './comparison.js';

const targetShape = (call: Call, i: number) => entriesOfKnown(call.known(i));

function reshapeTo(call: Call): Tensor {
  const target = call.opset < 5 ? (call.ints('shape') ?? []).map((dim) => affine(dim)) : targetShape(call, 1);
  return underShape(call, call.tensor(0), target, call.int('allowzero', 0) === 1);
}

function flattened(call: Call): Tensor {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const at = call.int('axis', 1);
  const axis = at < 0 ? at + rank : at;
  if (axis < 0 || axis > rank) call.fail(`axis ${at} is none of 0 to ${rank}`);
  return reshape(x, [merged(x.shape.slice(0, axis)), merged(x.shape.slice(axis))]);
}

function squeezed(call: Call): Tensor {
  const x = call.tensor(0);
  const axes = axesOf(call, 1, x.shape.length) ?? x.shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  const long = axes.find((axis) => x.shape[axis] !== 1);
  if (long !== undefined) call.fail(`axis ${long} has length ${x.shape[long]!} and not 1`);
  return without(x, axes);
}

function unsqueezed(call: Call): Tensor {
  const x = call.tensor(0);
  const count = (call.has(1) ? call.numbers(1) : (call.ints('axes') ?? [])).length;
  const rank = x.shape.length + count;
  const axes = axesOf(call, 1, rank) ?? [];
  const rest = [...x.shape];
  return reshape(
    x,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!)),
  );
}

/** Stretched by NumPy's rule in both directions. In a file with a fixed batch its number becomes n, on the first axis. */
function expanded(call: Call): Tensor {
  const x = call.tensor(0);
  const target = targetShape(call, 1).map((dim) => dimOf(dim, call));
  const isBatch = call.batch !== undefined && call.batch > 1 && target[0] === call.batch;
  const first = x.shape.length === target.length ? x.shape[0] : 1;
  const wanted: Shape = isBatch && (first === 1 || isCounted(first!)) ? ['n', ...target.slice(1)] : target;
  const shape = broadcastShape(x.shape, wanted);
  checkSize(call, shape);
  return broadcast(x, shape);
}

function tiled(call: Call): Tensor {
  const x = call.tensor(0);
  const repeats = call.numbers(1);
  if (repeats.length !== x.shape.length) call.fail(`it repeats ${repeats.length} axes of ${x.shape.length}`);
  const shape = x.shape.map((dim, i) => merged([dim, repeats[i]!]));
  checkSize(call, shape);
  const wide = broadcast(
    reshape(
      x,
      x.shape.flatMap((dim) => [1, dim]),
    ),
    x.shape.flatMap((dim, i) => [repeats[i]!, dim]),
  );
  return reshape(wide, shape);
}

/** Blocks of channels laid out as squares, and back. */
function blocks(call: Call, toSpace: boolean): Tensor {
  const x = call.tensor(0);
  const [n, channels, height, width] = x.shape as readonly [Shape[number], number, number, number];
  const size = call.int('blocksize');
  if (x.shape.length !== 4) call.fail(`it takes images [n, channels, height, width], received [${x.shape.join(', ')}]`);
  if (!toSpace) {
    const parts = reshape(x, [n, channels, height / size, size, width / size, size]);
    return reshape(transpose(parts, [0, 3, 5, 1, 2, 4]), [n, channels * size ** 2, height / size, width / size]);
  }
  const depth = channels / size ** 2;
  const isRowFirst = call.text('mode', 'DCR') === 'DCR';
  const parts = reshape(x, isRowFirst ? [n, size, size, depth, height, width] : [n, depth, size, size, height, width]);
  const order = isRowFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3];
  return reshape(transpose(parts, order), [n, depth, height * size, width * size]);
}

/** Floats stay what they are, in the precision of the run; to integers they go towards 0. */
function castTo(call: Call, to: OnnxType): Operand {
  const from = call.type();
  if ((to === 'float16' || to === 'bfloat16') && from !== to) {
    return call.fail(`it rounds to ${to}, which is not expressed here; export the network in float32`);
  }
  const x = call.value(0);
  if (isFloat(from) && isFloat(to)) return x.kind === 'stored' ? x : computed(to, call.tensor(0));
  if (to === 'bool') return computed(to, notZero(call.tensor(0)));
  return computed(to, isFloat(from) && isInteger(to) ? truncated(call.tensor(0)) : call.tensor(0));
}

function cast(call: Call): Operand {
  const number = call.int('to');
  const format = elementFormat(number);
  return format === undefined
    ? call.fail(`it converts to ONNX's data type ${number}, which is not read here`)
    : castTo(call, format.type);
}

/** The value itself; of a constant-valued initialiser a parameter of its own: exporters keep one array for several that are equal at the start. */
function identity(call: Call): Operand {
  const value = call.value(0);
  if (value.kind !== 'stored' || !isUniform(call.known(0).data) || call.known(0).data.length < 2) return value;
  const name = call.node.outputs[0]!;
  call.note(`'${name}' is a parameter of its own, stored as '${value.name}', which has one value in all entries`);
  return { ...value, name };
}

/** Nothing is dropped: what is measured is the network in evaluation. */
function dropout(call: Call): readonly (Tensor | Operand)[] {
  const flag = call.has(2) ? call.value(2) : undefined;
  const ratio = call.has(1) && call.value(1).kind !== 'computed' ? call.number(1) : 0.5;
  const trains = flag !== undefined && (flag.kind === 'computed' || call.number(2) !== 0);
  if (trains && ratio !== 0) call.note('dropout is left out, as in evaluation');
  return [call.value(0), computed('bool', broadcast(constant(1), call.shape(0)))];
}

export const shapingOperators: readonly Operator[] = [
  { name: 'Reshape', help: 'the same entries under another shape', linear: [0], apply: reshapeTo },
  { name: 'Flatten', help: 'the axes before and from one on merged', linear: [0], apply: flattened },
  { name: 'Squeeze', help: 'axes of length 1 taken out', linear: [0], apply: squeezed },
  { name: 'Unsqueeze', help: 'axes of length 1 put in', linear: [0], apply: unsqueezed },
  {
    name: 'Transpose',
    help: 'axes in another order',
    linear: [0],
    apply: (call) => transpose(call.tensor(0), call.ints('perm')),
  },
  { name: 'Expand', help: "stretched by NumPy's rule", linear: [0], apply: expanded },
  { name: 'Tile', help: 'repeated along axes', linear: [0], apply: tiled },
  { name: 'DepthToSpace', help: 'channels laid out as squares of pixels', apply: (call) => blocks(call, true) },
  { name: 'SpaceToDepth', help: 'squares of pixels laid out as channels', apply: (call) => blocks(call, false) },
  {
    name: 'Cast',
    help: 'another type; floats stay in the precision of the run',
    limits: 'rounding to float16 and bfloat16; strings',
    linear: 'all',
    apply: cast,
  },
  {
    name: 'CastLike',
    help: 'the type of another value',
    limits: 'rounding to float16 and bfloat16; strings',
    apply: (call) => castTo(call, call.type(1)),
  },
  { name: 'Identity', help: 'x', linear: 'all', apply: identity },
  { name: 'Dropout', help: 'x: what is measured is the network in evaluation', linear: [0], apply: dropout },
];
