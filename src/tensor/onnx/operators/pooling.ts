import { averagePool, max, maxPool, mean, pad, reshape, type Tensor } from '../../autodiff/index.js';
import { merged } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';
import { imageLengths, planeOptions, reachOf, trivial, windowsOf, type Windows } from '../windows.js';

type PlanePool = (x: Tensor, vertical: Windows, horizontal: Windows) => Tensor;

const sizeOf = (vertical: Windows, horizontal: Windows) => [vertical.kernel, horizontal.kernel] as const;

/** A pool over one to three axes from one over two: what it takes of each window it takes of axes one after the other. */
function pooled(x: Tensor, windows: readonly Windows[], pool: PlanePool): Tensor {
  const [first, second, third] = windows as [Windows, Windows | undefined, Windows | undefined];
  const [samples, channels, ...image] = x.shape;
  if (second === undefined) {
    const y = pool(reshape(x, [samples!, channels!, 1, image[0]!]), trivial, first);
    return reshape(y, [samples!, channels!, y.shape[3]!]);
  }
  if (third === undefined) return pool(x, first, second);
  const [depth, ...plane] = image;
  const flat = pool(reshape(x, [samples!, merged([channels!, depth!]), ...plane]), second, third);
  const [height, width] = flat.shape.slice(2);
  const deep = pool(reshape(flat, [samples!, channels!, depth!, merged([height!, width!])]), first, trivial);
  return reshape(deep, [samples!, channels!, deep.shape[2]!, height!, width!]);
}

/** Windows with room at the end for a last one that is not full, where the node says so: it begins within the image. */
function poolWindows(call: Call, lengths: readonly number[]): readonly Windows[] {
  const windows = windowsOf(
    call,
    lengths,
    call.ints('kernel_shape') ?? call.fail("its attribute 'kernel_shape' is missing"),
  );
  if (call.int('ceil_mode', 0) === 0) return windows;
  return windows.map((one, i) => {
    const [length, reach] = [lengths[i]!, reachOf(one)];
    const full = Math.ceil((length + one.before + one.after - reach) / one.stride) + 1;
    const count = (full - 1) * one.stride >= length + one.before ? full - 1 : full;
    return { ...one, after: Math.max(0, (count - 1) * one.stride + reach - length - one.before) };
  });
}

function largest(call: Call): Tensor {
  const x = call.tensor(0);
  return pooled(x, poolWindows(call, imageLengths(call, x.shape)), (y, vertical, horizontal) =>
    maxPool(y, sizeOf(vertical, horizontal), planeOptions(vertical, horizontal)),
  );
}

/** Zeros that the node itself puts around may count as entries; those for a last window that is not full never do. */
function average(call: Call): Tensor {
  const x = call.tensor(0);
  const lengths = imageLengths(call, x.shape);
  const windows = poolWindows(call, lengths);
  const means: PlanePool = (y, vertical, horizontal) =>
    averagePool(y, sizeOf(vertical, horizontal), { ...planeOptions(vertical, horizontal), countsPadding: false });
  if (call.int('count_include_pad', 0) === 0) return pooled(x, windows, means);
  const own = windowsOf(call, lengths, call.ints('kernel_shape')!);
  const wide = own.reduce((y, { before, after }, i) => pad(y, 2 + i, before, after), x);
  return pooled(
    wide,
    windows.map((one, i) => ({ ...one, before: 0, after: Math.max(0, one.after - own[i]!.after) })),
    means,
  );
}

const imageAxes = ({ shape }: Tensor): number[] => shape.flatMap((_, axis) => (axis >= 2 ? [axis] : []));

export const poolingOperators: readonly Operator[] = [
  {
    name: 'MaxPool',
    help: 'the largest entry of each window',
    limits: 'the places of the largest entries',
    apply: largest,
  },
  { name: 'AveragePool', help: 'the mean of each window', apply: average },
  {
    name: 'GlobalMaxPool',
    help: 'the largest entry of each channel',
    apply: (call) => imageAxes(call.tensor(0)).reduce((y, axis) => max(y, axis), call.tensor(0)),
  },
  {
    name: 'GlobalAveragePool',
    help: 'the mean of each channel',
    apply: (call) => mean(call.tensor(0), imageAxes(call.tensor(0))),
  },
];
