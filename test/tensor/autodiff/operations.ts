import fc from 'fast-check';
import {
  absolute,
  add,
  broadcast,
  ceil,
  concat,
  constant,
  convolve,
  cos,
  counted,
  detach,
  equal,
  erf,
  exp,
  firstMaximum,
  floor,
  greater,
  input,
  log,
  log1p,
  matmul,
  max,
  maxPool,
  multiply,
  negate,
  oneHot,
  power,
  reciprocal,
  relu,
  reshape,
  round,
  sechSquared,
  select,
  sigmoid,
  sign,
  sin,
  softmax,
  softplus,
  sqrt,
  step,
  subtract,
  sum,
  take,
  tanh,
  transpose,
  where,
  type Dim,
  type Shape,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import {
  convolveInput,
  convolveKernel,
  pair,
  windowGeometry,
  type Padding,
} from '../../../src/tensor/autodiff/convolution.js';
import { addRows } from '../../../src/tensor/autodiff/indexing.js';
import { gather, scatter } from '../../../src/tensor/autodiff/pooling.js';
import { entries, type OperationKind } from '../../../src/tensor/autodiff/tensor.js';
import { randomStream } from '../../../src/numeric/random.js';

/** Where the entries of a case lie: anywhere, between 0.5 and 2, or 0.1 apart from each other and 0.05 from 0. */
export type Domain = 'any' | 'positive' | 'apart';

/** An operation on inputs of random shapes. */
export interface Case {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly domain: Domain;
}

export type Bindings = Readonly<Record<string, Float64Array>>;

const side = fc.integer({ min: 1, max: 4 });
const anyShape = fc.array(side, { minLength: 0, maxLength: 2 }).map((rest): Shape => ['n', ...rest]);

/** Two shapes that broadcast: each axis of each is the joint one or 1, and leading axes may be missing. */
const broadcastingShapes = fc
  .tuple(anyShape, fc.array(fc.constantFrom('both', 'first', 'second'), { minLength: 3, maxLength: 3 }), fc.nat(3))
  .map(([joint, kept, cut]): readonly [Shape, Shape] => {
    const first = joint.map((dim, i) => (kept[i] === 'second' ? 1 : dim));
    const second = joint.map((dim, i) => (kept[i] === 'first' ? 1 : dim));
    return [first, second.slice(Math.min(cut, joint.length))];
  });

const pairOf = (min: number, max: number): fc.Arbitrary<readonly [number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const zeros = fc.integer({ min: 0, max: 3 });
const padding = fc.oneof(fc.constantFrom<Padding>('same', 'valid'), zeros, fc.tuple(zeros, zeros, zeros, zeros));

/** A convolution with strides 1–3, every padding, kernels 1–4, dilations and groups 1–2, images that the windows need not cover. */
const convolutions = fc
  .record({
    channels: fc.integer({ min: 1, max: 3 }),
    filters: fc.integer({ min: 1, max: 3 }),
    groups: fc.constantFrom(1, 1, 2),
    kernel: fc.tuple(side, side),
    extra: fc.tuple(fc.nat(4), fc.nat(4)),
    stride: fc.oneof(fc.integer({ min: 1, max: 3 }), pairOf(1, 3)),
    dilation: fc.oneof(fc.constant(1), pairOf(1, 2)),
    padding,
  })
  .map(({ channels, filters, groups, kernel, extra, stride, dilation, padding }) => {
    const reach = kernel.map((length, i) => pair(dilation)[i]! * (length - 1) + 1);
    const image = [reach[0]! + extra[0], reach[1]! + extra[1]] as const;
    const geometry = { ...windowGeometry(image, kernel, { stride, padding, dilation }), groups };
    const x = input('x', ['n', channels * groups, ...image]);
    const w = input('w', [filters * groups, channels, ...kernel]);
    const y = input('y', ['n', filters * groups, ...geometry.output]);
    return { geometry, x, w, y, options: { stride, padding, dilation, groups } };
  });

/** An image and pooling windows that may overlap, reach into padding, leave rows out, or all of it. */
const poolings = fc
  .record({
    channels: fc.integer({ min: 1, max: 2 }),
    size: fc.oneof(fc.integer({ min: 1, max: 3 }), pairOf(1, 3)),
    stride: fc.oneof(fc.integer({ min: 1, max: 3 }), pairOf(1, 3)),
    dilation: fc.constantFrom(1, 1, 2),
    extra: fc.tuple(fc.nat(3), fc.nat(3)),
    isPadded: fc.boolean(),
  })
  .map(({ channels, size, stride, dilation, extra, isPadded }) => {
    const [height, width] = pair(size).map((length, i) => dilation * (length - 1) + 1 + extra[i]!) as [number, number];
    const x = input('x', ['n', channels, height, width]);
    const [top, left] = pair(size).map((length) => (isPadded ? Math.floor(length / 2) : 0)) as [number, number];
    const pooled = maxPool(x, size, { stride, dilation, padding: [top, left, 0, left] });
    return { x, pooled, indices: pooled.inputs[1]! };
  });

const entrywise = (f: (x: Tensor) => Tensor, domain: Domain = 'any'): fc.Arbitrary<Case> =>
  anyShape.map((shape) => {
    const x = input('x', shape);
    return { inputs: [x], output: f(x), domain };
  });

const pairwise = (f: (a: Tensor, b: Tensor) => Tensor, domain: Domain = 'any'): fc.Arbitrary<Case> =>
  broadcastingShapes.map((shapes) => {
    const [a, b] = [input('a', shapes[0]), input('b', shapes[1])];
    return { inputs: [a, b], output: f(a, b), domain };
  });

const alongAxis = (f: (x: Tensor, axis: number) => Tensor): fc.Arbitrary<Case> =>
  fc.tuple(anyShape, side, fc.nat(2)).map(([shape, length, at]) => {
    const axis = Math.min(1 + at, shape.length);
    const x = input('x', [...shape.slice(0, axis), length, ...shape.slice(axis)]);
    return { inputs: [x], output: f(x, axis), domain: 'apart' };
  });

/** Numbers as inputs may have them, 0.1 apart, made the same 4 integers again and again. */
const integersOf = (x: Tensor, count: number): Tensor => {
  const whole = floor(multiply(x, constant(10)));
  return subtract(whole, multiply(constant(count), floor(multiply(whole, constant(1 / count)))));
};

/** Products of many matrices: leading axes that broadcast, the axis of samples among them or among those of the matrices. */
const manyMatrices = fc
  .record({
    sides: fc.tuple(side, side, side),
    place: fc.constantFrom('batch', 'rows', 'inner', 'columns'),
    factor: fc.integer({ min: 1, max: 3 }),
    leading: fc.array(side, { minLength: 1, maxLength: 2 }),
    kept: fc.array(fc.constantFrom('both', 'first', 'second'), { minLength: 2, maxLength: 2 }),
    cut: fc.nat(2),
    transposed: fc.tuple(fc.boolean(), fc.boolean()),
  })
  .map(({ sides, place, factor, leading, kept, cut, transposed: [transposeA, transposeB] }): Case => {
    const n: Dim = counted(factor);
    const [rows, inner, columns] = (['rows', 'inner', 'columns'] as const).map((axis, i) =>
      axis === place ? n : sides[i]!,
    ) as [Dim, Dim, Dim];
    const joint: Dim[] = leading.map((dim, i) => (i === 0 && place === 'batch' ? n : dim));
    const first = joint.map((dim, i) => (kept[i] === 'second' ? 1 : dim));
    const second = joint.map((dim, i) => (kept[i] === 'first' ? 1 : dim)).slice(Math.min(cut, joint.length));
    const a = input('a', [...first, ...(transposeA ? [inner, rows] : [rows, inner])]);
    const b = input('b', [...second, ...(transposeB ? [columns, inner] : [inner, columns])]);
    return { inputs: [a, b], output: matmul(a, b, { transposeA, transposeB }), domain: 'any' };
  });

/** A table of up to 4 rows, and numbers of them that occur more than once. */
const tables = fc.tuple(anyShape, side, fc.array(side, { maxLength: 2 })).map(([shape, rows, rest]) => {
  const from = input('from', shape);
  return { table: input('table', [rows, ...rest]), from, indices: integersOf(from, rows) };
});

const subset = (rank: number): fc.Arbitrary<number[]> => fc.subarray(Array.from({ length: rank }, (_, i) => i));

/** Random cases of every operation: the compiler refuses a table that lacks one. */
export const operationCases: Readonly<Record<OperationKind, fc.Arbitrary<Case>>> = {
  input: entrywise((x) => x),
  constant: entrywise((x) => multiply(x, broadcast(constant(3), x.shape))),
  add: pairwise(add),
  multiply: pairwise(multiply),
  negate: entrywise(negate),
  exp: entrywise(exp),
  log: entrywise(log, 'positive'),
  log1p: entrywise(log1p, 'positive'),
  tanh: entrywise(tanh),
  sechSquared: entrywise(sechSquared),
  sigmoid: entrywise(sigmoid),
  softplus: entrywise(softplus),
  relu: entrywise(relu, 'apart'),
  step: entrywise((x) => multiply(step(x), x), 'apart'),
  reciprocal: entrywise(reciprocal, 'positive'),
  sqrt: entrywise(sqrt, 'positive'),
  sin: entrywise(sin),
  cos: entrywise(cos),
  erf: entrywise(erf),
  absolute: entrywise(absolute, 'apart'),
  sign: entrywise((x) => multiply(sign(x), x), 'apart'),
  floor: entrywise((x) => multiply(floor(x), x), 'apart'),
  ceil: entrywise((x) => multiply(ceil(x), x), 'apart'),
  round: entrywise((x) => multiply(round(x), x), 'apart'),
  power: fc.tuple(anyShape, fc.constantFrom(3, 1.5, -0.5, -2, 0.75)).map(([shape, exponent]): Case => {
    const x = input('x', shape);
    return { inputs: [x], output: power(x, exponent), domain: 'positive' };
  }),
  greater: pairwise((a, b) => multiply(greater(a, add(b, constant(0.05))), add(a, b)), 'apart'),
  equal: pairwise((a, b) => multiply(equal(floor(a), floor(b)), add(a, b)), 'apart'),
  where: fc.tuple(broadcastingShapes, fc.nat(2)).map(([shapes, which]): Case => {
    const [a, b] = [input('a', shapes[0]), input('b', shapes[1])];
    return { inputs: [a, b], output: where(greater([a, b, add(a, b)][which]!, constant(0.01)), a, b), domain: 'apart' };
  }),
  detach: entrywise(detach),
  matmul: fc.oneof(
    manyMatrices,
    fc
      .tuple(side, side, fc.boolean(), fc.boolean(), fc.constantFrom('rows', 'inner', 'columns'))
      .map(([p, q, transposeA, transposeB, place]): Case => {
        const [rows, inner, columns] = ({ rows: ['n', p, q], inner: [p, 'n', q], columns: [p, q, 'n'] } as const)[
          place
        ] as readonly [Shape[number], Shape[number], Shape[number]];
        const a = input('a', transposeA ? [inner, rows] : [rows, inner]);
        const b = input('b', transposeB ? [columns, inner] : [inner, columns]);
        return { inputs: [a, b], output: matmul(a, b, { transposeA, transposeB }), domain: 'any' };
      }),
  ),
  sum: anyShape.chain((shape) =>
    subset(shape.length).map((axes): Case => {
      const x = input('x', shape);
      return { inputs: [x], output: sum(x, axes), domain: 'any' };
    }),
  ),
  max: alongAxis(max),
  softmax: alongAxis(softmax),
  concat: fc
    .tuple(anyShape, fc.array(side, { minLength: 2, maxLength: 3 }), fc.nat(2))
    .map(([shape, lengths, at]): Case => {
      const axis = Math.min(1 + at, shape.length);
      const parts = lengths.map((length, i) => input(`x${i}`, [...shape.slice(0, axis), length, ...shape.slice(axis)]));
      return { inputs: parts, output: concat(parts, axis), domain: 'any' };
    }),
  take: tables.map(({ table, indices, from }) => ({
    inputs: [table, from],
    output: take(table, indices),
    domain: 'apart',
  })),
  addRows: tables.map(({ table, indices, from }) => {
    const y = input('y', take(table, indices).shape);
    return { inputs: [y, from], output: addRows(y, indices, table.shape[0] as number), domain: 'apart' };
  }),
  oneHot: tables.map(({ table, indices, from }) => {
    const unit = oneHot(indices, table.shape[0] as number);
    return { inputs: [from], output: multiply(unit, reshape(from, [...from.shape, 1])), domain: 'apart' };
  }),
  firstMaximum: alongAxis((x, axis) => multiply(firstMaximum(x, axis), x)),
  broadcast: broadcastingShapes.map(([first, second]) => {
    const [a, whole] = [input('a', second), input('whole', first)];
    return { inputs: [a, whole], output: broadcast(a, add(a, whole).shape), domain: 'any' };
  }),
  reshape: anyShape.chain((shape) =>
    fc.shuffledSubarray([1, ...shape], { minLength: shape.length + 1 }).map((to): Case => {
      const x = input('x', shape);
      return { inputs: [x], output: reshape(x, to), domain: 'any' };
    }),
  ),
  transpose: anyShape.chain((shape) =>
    fc
      .shuffledSubarray(
        shape.map((_, i) => i),
        { minLength: shape.length },
      )
      .map((permutation): Case => {
        const x = input('x', shape);
        return { inputs: [x], output: transpose(x, permutation), domain: 'any' };
      }),
  ),
  select: fc.tuple(anyShape, fc.integer({ min: 1, max: 6 }), fc.nat(2)).chain(([shape, length, at]) =>
    fc
      .tuple(
        fc.shuffledSubarray(Array.from({ length }, (_, i) => i)),
        fc.array(fc.nat(length), { maxLength: 4 }),
        fc.boolean(),
      )
      .map(([chosen, zeros, ordered]): Case => {
        const axis = Math.min(1 + at, shape.length);
        const x = input('x', [...shape.slice(0, axis), length, ...shape.slice(axis)]);
        const indices = ordered ? chosen.sort((a, b) => a - b) : chosen;
        for (const place of zeros) indices.splice(Math.min(place, indices.length), 0, -1);
        return { inputs: [x], output: select(x, axis, indices.length > 0 ? indices : [-1]), domain: 'any' };
      }),
  ),
  convolve: convolutions.map(({ x, w, options }) => ({
    inputs: [x, w],
    output: convolve(x, w, options),
    domain: 'any',
  })),
  convolveInput: convolutions.map(({ y, w, geometry }) => ({
    inputs: [y, w],
    output: convolveInput(y, w, geometry),
    domain: 'any',
  })),
  convolveKernel: convolutions.map(({ x, y, geometry }) => ({
    inputs: [x, y],
    output: convolveKernel(x, y, geometry),
    domain: 'any',
  })),
  maxPoolIndices: poolings.map(({ x, pooled }) => ({ inputs: [x], output: pooled, domain: 'apart' })),
  gather: poolings.map(({ x, indices }) => {
    const other = input('other', x.shape);
    return { inputs: [x, other], output: gather(other, indices), domain: 'apart' };
  }),
  scatter: poolings.map(({ x, indices }) => {
    const y = input('y', indices.shape);
    return { inputs: [x, y], output: scatter(y, indices, x.shape), domain: 'apart' };
  }),
};

/** Every operation with its cases, for `it.each`. */
export const everyOperation = Object.entries(operationCases) as readonly [OperationKind, fc.Arbitrary<Case>][];

/** Entries for tensors, by their names, random in the domain; f32 numbers, so that both precisions can be given the same. */
export function randomBindings(tensors: readonly Tensor[], samples: number, domain: Domain, seed: number): Bindings {
  return Object.fromEntries(
    tensors.map(({ operation, shape }): [string, Float64Array] => {
      const { name } = operation as { readonly name: string };
      const { factor, perSample } = entries(shape);
      const stream = randomStream(seed, name);
      const size = factor * (perSample ? samples : 1);
      const ranks = Array.from({ length: size }, (_, i) => i);
      for (let i = size - 1; i > 0; i--) {
        const j = stream.integer(i + 1);
        [ranks[i], ranks[j]] = [ranks[j]!, ranks[i]!];
      }
      const draw = {
        any: () => stream.normal(),
        positive: () => 0.5 + 1.5 * stream.uniform(),
        apart: (i: number) => 0.1 * (ranks[i]! - Math.floor(size / 2)) + 0.05,
      }[domain];
      return [name, Float64Array.from({ length: size }, (_, i) => Math.fround(draw(i)))];
    }),
  );
}

/** An input of the same shape under another name: a direction or a cotangent. */
export function like({ shape }: Tensor, name: string): Tensor {
  return input(name, shape);
}

export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

export function absoluteInner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += Math.abs(a[i]! * b[i]!);
  return total;
}

/** A zero tensor where a derivative is left out. */
export function orZero(derivative: Tensor | undefined, { shape }: Tensor): Tensor {
  return derivative ?? broadcast(constant(0), shape);
}

/** Every operation that a graph of this output consists of. */
export function kindsIn(output: Tensor): Set<OperationKind> {
  return new Set([output.operation.kind, ...output.inputs.flatMap((from) => [...kindsIn(from)])]);
}
