import { size } from '../../autodiff/value.js';
import { broadcast, constant, isCounted, lengthOf } from '../../autodiff/index.js';
import { checkSize } from '../axes.js';
import type { Call } from '../call.js';
import { elementFormat, type OnnxType } from '../element-type.js';
import { mostEntries } from '../fold.js';
import type { Operator } from '../operator.js';
import { affineOf, dimOf } from '../reshape.js';
import { entriesOfKnown, ofAffine, times, affine } from '../symbolic.js';
import { unrounded } from '../unrounded.js';
import { computed, known, type Known, type Operand } from '../operand.js';

function constantOf(call: Call): Known {
  const array = call.array('value');
  if (array !== undefined) {
    const data = array.read();
    return known(array.type, array.shape, array.type === 'float32' && data.length === 1 ? data.map(unrounded) : data);
  }
  const kinds = [...call.node.attributes.keys()];
  switch (kinds[0]) {
    case 'value_float':
      return known('float32', [], Float64Array.of(call.float('value_float')));
    case 'value_int':
      return known('int64', [], Float64Array.of(call.int('value_int')));
    case 'value_ints': {
      const entries = call.ints('value_ints')!;
      return known('int64', [entries.length], Float64Array.from(entries));
    }
    case 'value_floats': {
      const entries = call.floats('value_floats')!;
      return known('float32', [entries.length], Float64Array.from(entries));
    }
    default:
      return call.fail(
        `a constant given by '${kinds.join(', ')}' is not read; legal are arrays, numbers and lists of numbers`,
      );
  }
}

function filled(call: Call): Operand {
  const shape = entriesOfKnown(call.known(0)).map((dim) => dimOf(dim, call));
  const array = call.array('value');
  const [type, value] = [array?.type ?? 'float32', array?.read()[0] ?? 0] as const;
  checkSize(call, shape);
  if (shape.some(isCounted)) return computed(type, broadcast(constant(value), shape));
  const fixed = shape as readonly number[];
  return known(type, fixed, sized(call, fixed).fill(value));
}

/** Entries of an array that the file asks for. */
function sized(call: Call, shape: readonly number[]): Float64Array {
  checkSize(call, shape);
  const entries = size(shape);
  if (entries > mostEntries) {
    call.fail(`it makes an array of ${entries} entries; at most ${mostEntries} are made beforehand`);
  }
  return new Float64Array(entries);
}

function shapeOf(call: Call): Known {
  const shape = call.shape(0);
  const from = (bound: number): number => (bound < 0 ? bound + shape.length : bound);
  const part = shape.slice(Math.max(0, from(call.int('start', 0))), Math.max(0, from(call.int('end', shape.length))));
  return ofAffine({ type: 'int64', shape: [part.length] }, part.map(affineOf));
}

function sizeOf(call: Call): Known {
  const size = call
    .shape(0)
    .map(affineOf)
    .reduce((a, b) => times(a, b, call.fail), affine(1));
  return ofAffine({ type: 'int64', shape: [] }, [size]);
}

function range(call: Call): Known {
  const [start, limit, step] = [call.number(0), call.number(1), call.number(2)];
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!Number.isFinite(count)) call.fail(`from ${start} to ${limit} by ${step} is no range`);
  return known(
    call.type(),
    [count],
    sized(call, [count]).map((_, i) => start + i * step),
  );
}

function eye(call: Call): Known {
  const shape = call.shape(0);
  const [rows, columns] = shape.map((dim) => lengthOf(dim, 1)) as [number, number];
  if (shape.length !== 2 || shape.some(isCounted))
    call.fail(`it takes a matrix of known size, received [${shape.join(', ')}]`);
  const shift = call.int('k', 0);
  const type: OnnxType = call.node.attributes.has('dtype')
    ? (elementFormat(call.int('dtype'))?.type ?? 'float32')
    : call.type();
  const entries = sized(call, [rows, columns]).map((_, i) => Number((i % columns) - Math.floor(i / columns) === shift));
  return known(type, [rows, columns], entries);
}

export const constantOperators: readonly Operator[] = [
  { name: 'Constant', help: 'an array that the file holds', limits: 'strings and sparse arrays', apply: constantOf },
  { name: 'ConstantOfShape', help: 'an array of one value', apply: filled },
  { name: 'Shape', help: 'the lengths of the axes', apply: shapeOf },
  { name: 'Size', help: 'the number of entries', apply: sizeOf },
  { name: 'Range', help: 'numbers in equal steps', apply: range },
  { name: 'EyeLike', help: 'ones on a diagonal', apply: eye },
];
