import {
  add,
  convolve,
  convolveTransposed,
  reshape,
  select,
  transpose,
  type Shape,
  type Tensor,
} from '../../autodiff/index.js';
import { merged } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';
import { imageLengths, planeOptions, reachOf, trivial, windowsOf, type Windows } from '../windows.js';

/** An image of one axis as one of height 1. */
const flat = (x: Tensor): Tensor => reshape(x, [...x.shape.slice(0, 2), 1, x.shape[2]!]);

const withBias = (call: Call, y: Tensor): Tensor =>
  call.has(2) ? add(y, reshape(call.tensor(2), [y.shape[1]!, ...y.shape.slice(2).map(() => 1)])) : y;

const kernelOf = (w: Tensor): readonly number[] => w.shape.slice(2) as number[];

function convolution(call: Call): Tensor {
  const [x, w] = [call.tensor(0), call.tensor(1)];
  const windows = windowsOf(call, imageLengths(call, x.shape), kernelOf(w));
  const groups = call.int('group', 1);
  const [first, second, third] = windows as [Windows, Windows | undefined, Windows | undefined];
  if (second === undefined) {
    const y = convolve(flat(x), flat(w), { ...planeOptions(trivial, first), groups });
    return withBias(call, reshape(y, [...y.shape.slice(0, 2), y.shape[3]!]));
  }
  if (third === undefined) return withBias(call, convolve(x, w, { ...planeOptions(first, second), groups }));
  const along = (entry: number): Tensor => {
    const planes = slices(x, first, entry);
    const kernel = select(w, 2, [entry]);
    const [samples, depth, channels, ...image] = planes.shape;
    const y = convolve(
      reshape(planes, [merged([samples!, depth!]), channels!, ...image]),
      reshape(kernel, [w.shape[0]!, w.shape[1]!, ...w.shape.slice(3)]),
      { ...planeOptions(second, third), groups },
    );
    return transpose(reshape(y, [samples!, depth!, ...y.shape.slice(1)]), [0, 2, 1, 3, 4]);
  };
  return withBias(call, Array.from({ length: first.kernel }, (_, entry) => along(entry)).reduce(add));
}

/** What one slice of the kernel meets at each depth of the result: [n, D′, C, H, W]. */
function slices(x: Tensor, windows: Windows, entry: number): Tensor {
  const { stride, dilation, before, after } = windows;
  const depth = x.shape[2] as number;
  const count = Math.floor((depth + before + after - reachOf(windows)) / stride) + 1;
  const places = Array.from({ length: Math.max(0, count) }, (_, i) => i * stride + entry * dilation - before);
  const met = select(
    x,
    2,
    places.map((at) => (at >= 0 && at < depth ? at : -1)),
  );
  return transpose(met, [0, 2, 1, 3, 4]);
}

function transposedConvolution(call: Call): Tensor {
  const [x, w] = [call.tensor(0), call.tensor(1)];
  const lengths = imageLengths(call, x.shape);
  if (lengths.length === 3) return call.fail('a transposed convolution has one or two axes here, received three');
  const [first, second] = transposedWindows(call, lengths, kernelOf(w));
  const groups = call.int('group', 1);
  if (second === undefined) {
    const y = convolveTransposed(flat(x), flat(w), {
      ...planeOptions(trivial, first!),
      groups,
      outputPadding: [0, first!.more],
    });
    return withBias(call, reshape(y, [...y.shape.slice(0, 2), y.shape[3]!] as Shape));
  }
  const y = convolveTransposed(x, w, {
    ...planeOptions(first!, second),
    groups,
    outputPadding: [first!.more, second.more],
  });
  return withBias(call, y);
}

/** The windows as they are written; they lie in the result, whose size they decide. */
const attributesOf = (call: Call, lengths: readonly number[], kernel: readonly number[]): readonly Windows[] =>
  windowsOf({ ...call, text: () => 'NOTSET' }, lengths, kernel, false);

/** The windows of the convolution that is transposed, and what the result has more at its end. */
function transposedWindows(call: Call, lengths: readonly number[], kernel: readonly number[]) {
  const plain = attributesOf(call, lengths, kernel);
  const more = call.ints('output_padding') ?? lengths.map(() => 0);
  const mode = call.text('auto_pad', 'NOTSET');
  const isSame = mode === 'SAME_UPPER' || mode === 'SAME_LOWER';
  const wanted =
    call.ints('output_shape') ?? (isSame ? lengths.map((length, i) => length * plain[i]!.stride) : undefined);
  return plain.map((one, i) => {
    if (mode === 'VALID') return { ...one, before: 0, after: 0, more: more[i]! };
    if (wanted === undefined) return { ...one, more: more[i]! };
    const total = one.stride * (lengths[i]! - 1) + more[i]! + reachOf(one) - wanted.at(i - lengths.length)!;
    if (total < 0) return { ...one, before: 0, after: 0, more: more[i]! - total };
    const [less, rest] = [Math.floor(total / 2), Math.ceil(total / 2)];
    const [before, after] = mode === 'SAME_UPPER' ? [less, rest] : [rest, less];
    return { ...one, before, after, more: more[i]! };
  });
}

export const convolutionOperators: readonly Operator[] = [
  { name: 'Conv', help: 'convolution with one to three axes, strides, dilations and groups', apply: convolution },
  {
    name: 'ConvTranspose',
    help: 'the transposed convolution with one or two axes',
    limits: 'three axes',
    apply: transposedConvolution,
  },
];
