import { trailingPadding } from '../autodiff/convolution.js';
import type { Geometry, Shape } from '../autodiff/tensor.js';
import { lowerSelection } from './lower-selection.js';
import type { Emitter } from './onnx-emitter.js';

/** y = convolve(x, w): ONNX's Conv in f32; for f64, which has none, a matrix product with the unfolded windows. */
export function lowerConvolve(emitter: Emitter, x: string, w: string, geometry: Geometry, kernelShape: Shape): string {
  const { strides, padding, kernel, output } = geometry;
  if (emitter.precision === 'f32') {
    const after = trailingPadding(geometry).map((zeros) => Math.max(0, zeros));
    return emitter.node('Conv', [x, w], { kernel_shape: kernel, strides, pads: [...padding, ...after] });
  }
  const [filters, channels] = kernelShape as readonly [number, number];
  const windows = unfold(emitter, x, geometry, channels);
  const ordered = emitter.node('Transpose', [w], { perm: [0, 2, 3, 1] });
  const flatKernel = emitter.node('Reshape', [ordered, emitter.integers([filters, -1])]);
  const product = emitter.node('Gemm', [flatKernel, windows]);
  const planes = emitter.node('Reshape', [product, emitter.integers([filters, -1, ...output])]);
  return emitter.node('Transpose', [planes], { perm: [1, 0, 2, 3] });
}

/** The adjoint by x: a convolution of y, its rows and columns `stride` apart, with the flipped kernel. */
export function lowerConvolveInput(
  emitter: Emitter,
  y: string,
  w: string,
  geometry: Geometry,
  kernelShape: Shape,
): string {
  const { kernel, strides, padding, input, output } = geometry;
  const [filters, channels] = kernelShape as readonly [number, number, number, number];
  const after = trailingPadding(geometry);
  if (emitter.precision === 'f32' && strides.some((stride) => stride > 1)) {
    return emitter.node('ConvTranspose', [y, w], {
      kernel_shape: kernel,
      strides,
      pads: [...padding, ...after.map((zeros) => Math.max(0, zeros))],
      output_padding: after.map((zeros) => Math.max(0, -zeros)),
    });
  }
  const flipped = flippedKernel(emitter, w, geometry, kernelShape);
  const [before, behind] = [padding, after].map((zeros) => kernel.map((length, i) => length - 1 - zeros[i]!));
  if (strides.every((stride) => stride === 1) && [...before!, ...behind!].every((zeros) => zeros >= 0)) {
    const backwards: Geometry = { ...geometry, input: output, output: input, padding: before as [number, number] };
    return lowerConvolve(emitter, y, flipped, backwards, [channels, filters, ...kernel]);
  }
  const places = [0, 1].map((i) => spread(geometry, i as 0 | 1, after[i]!));
  const spreadOut = places.reduce(
    (image, indices, i) => lowerSelection(emitter, image, { axis: 2 + i, indices }, ['n', filters, ...output]),
    y,
  );
  const backwards: Geometry = {
    ...geometry,
    input: [places[0]!.length, places[1]!.length],
    output: input,
    strides: [1, 1],
    padding: [0, 0],
  };
  return lowerConvolve(emitter, spreadOut, flipped, backwards, [channels, filters, ...kernel]);
}

/** w with its rows and columns in reverse, and filters in the place of channels. */
function flippedKernel(emitter: Emitter, w: string, { kernel }: Geometry, [filters, channels]: Shape): string {
  return [2, 3].reduce(
    (image, axis) => {
      const length = kernel[axis - 2]!;
      const indices = Array.from({ length }, (_, j) => length - 1 - j);
      return lowerSelection(emitter, image, { axis, indices }, [channels!, filters!, ...kernel]);
    },
    emitter.node('Transpose', [w], { perm: [1, 0, 2, 3] }),
  );
}

/** Where each row (or column) of the image that the flipped kernel runs over comes from; −1 for a zero. */
function spread({ kernel, strides, padding, output }: Geometry, i: 0 | 1, after: number): number[] {
  const before = kernel[i] - 1 - padding[i];
  const body = (output[i] - 1) * strides[i] + 1;
  const end = kernel[i] - 1 - after;
  return Array.from({ length: before + body + end }, (_, row) => {
    const at = row - before;
    return at >= 0 && at < body && at % strides[i] === 0 ? at / strides[i] : -1;
  });
}

/** Above this many channels a product per shift of the kernel is faster than one product with all shifts stacked. */
const fewChannels = 8;

/**
 * The adjoint by w: matrix products of the shifted images with y, which all tangents of y share. In f64 they are stacked, as
 * those of the convolution itself.
 */
export function lowerConvolveKernel(
  emitter: Emitter,
  x: string,
  y: string,
  geometry: Geometry,
  kernelShape: Shape,
): string {
  const [filters, channels] = kernelShape as readonly [number, number, number, number];
  const planes = emitter.node('Transpose', [y], { perm: [1, 0, 2, 3] });
  const flat = emitter.node('Reshape', [planes, emitter.integers([filters, -1])]);
  const isStacked = emitter.precision === 'f64' || channels <= fewChannels;
  const windows = isStacked
    ? [unfold(emitter, x, geometry, channels)]
    : shiftedPlanes(emitter, x, geometry, channels).map((image) =>
        emitter.node('Reshape', [image, emitter.integers([channels, -1])]),
      );
  const products = windows.map((window) => emitter.node('Gemm', [window, flat], { transB: 1 }));
  const kernel = emitter.node('Reshape', [
    stacked(emitter, products),
    emitter.integers([...geometry.kernel, channels, filters]),
  ]);
  return emitter.node('Transpose', [kernel], { perm: [3, 2, 0, 1] });
}

/** [n, C, H, W] → [kh·kw·C, n·H′·W′]: row (u, v, c), column (n, i, j) holds what the kernel's entry (c, u, v) meets at (i, j). */
function unfold(emitter: Emitter, x: string, geometry: Geometry, channels: number): string {
  const planes = stacked(emitter, shiftedPlanes(emitter, x, geometry, channels));
  return emitter.node('Reshape', [planes, emitter.integers([geometry.kernel[0] * geometry.kernel[1] * channels, -1])]);
}

function stacked(emitter: Emitter, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : emitter.node('Concat', parts, { axis: 0 });
}

/** For each entry (u, v) of the kernel what it meets at (i, j): of shape [C, n, H′, W′]. */
function shiftedPlanes(emitter: Emitter, x: string, geometry: Geometry, channels: number): string[] {
  const { input, kernel, output, strides, padding } = geometry;
  const after = trailingPadding(geometry);
  const planes = emitter.node('Transpose', [x], { perm: [1, 0, 2, 3] });
  const padded = [0, 1].reduce((image, i) => {
    const rows = padding[i]! + input[i]! + after[i]!;
    const indices = Array.from({ length: rows }, (_, row) => {
      const at = row - padding[i]!;
      return at >= 0 && at < input[i]! ? at : -1;
    });
    return lowerSelection(emitter, image, { axis: 2 + i, indices }, [channels, 'n', ...input]);
  }, planes);
  const shifts = Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [Math.floor(i / kernel[1]), i % kernel[1]]);
  return shifts.map(([u, v]) =>
    emitter.node('Slice', [
      padded,
      emitter.integers([u!, v!]),
      emitter.integers([u! + (output[0] - 1) * strides[0] + 1, v! + (output[1] - 1) * strides[1] + 1]),
      emitter.integers([2, 3]),
      emitter.integers([...strides]),
    ]),
  );
}
