import { trailingPadding, windowReach } from '../autodiff/convolution.js';
import type { Geometry, Shape } from '../autodiff/tensor.js';
import { batchedProduct } from './lower-arithmetic.js';
import { lowerSelection } from './lower-selection.js';
import { grouped, joined, shiftedPlanes, unfold } from './lower-unfolding.js';
import type { Emitter } from './onnx-emitter.js';

/** y = convolve(x, w): ONNX's Conv in f32; for f64, which has none, a matrix product with the unfolded windows. */
export function lowerConvolve(emitter: Emitter, x: string, w: string, geometry: Geometry, kernelShape: Shape): string {
  const { strides, padding, kernel, output, groups } = geometry;
  if (emitter.precision === 'f32') {
    const after = trailingPadding(geometry).map((zeros) => Math.max(0, zeros));
    return emitter.node('Conv', [x, w], {
      kernel_shape: kernel,
      strides,
      pads: [...padding, ...after],
      ...spreadAttributes(geometry),
    });
  }
  const [filters, channels] = kernelShape as readonly [number, number];
  const windows = unfold(emitter, x, geometry, channels);
  const ordered = emitter.node('Transpose', [w], { perm: [0, 2, 3, 1] });
  const flatKernel = emitter.node('Reshape', [ordered, emitter.integers(grouped(groups, [filters / groups, -1]))]);
  const product = emitter.node(groups === 1 ? 'Gemm' : 'MatMul', [flatKernel, windows]);
  const planes = emitter.node('Reshape', [product, emitter.integers([filters, -1, ...output])]);
  return emitter.node('Transpose', [planes], { perm: [1, 0, 2, 3] });
}

/** Dilations and groups, where there are any. */
function spreadAttributes({ dilations, groups }: Geometry): Record<string, number | readonly number[]> {
  return {
    ...(dilations.some((dilation) => dilation > 1) ? { dilations } : {}),
    ...(groups > 1 ? { group: groups } : {}),
  };
}

/** The adjoint by x: a convolution of y, its rows and columns `stride` apart, with the flipped kernel. */
export function lowerConvolveInput(
  emitter: Emitter,
  y: string,
  w: string,
  geometry: Geometry,
  kernelShape: Shape,
): string {
  const { kernel, strides, dilations, padding, input, output, groups } = geometry;
  const [filters, each] = kernelShape as readonly [number, number, number, number];
  const backwardShape = [each * groups, filters / groups, ...kernel];
  const [after, reach] = [trailingPadding(geometry), windowReach(geometry)];
  if (emitter.precision === 'f32' && (groups > 1 || [...strides, ...dilations].some((length) => length > 1))) {
    return emitter.node('ConvTranspose', [y, w], {
      kernel_shape: kernel,
      strides,
      pads: [...padding, ...after.map((zeros) => Math.max(0, zeros))],
      output_padding: after.map((zeros) => Math.max(0, -zeros)),
      ...spreadAttributes(geometry),
    });
  }
  const flipped = flippedKernel(emitter, w, geometry, kernelShape);
  const [before, behind] = [padding, after].map((zeros) => reach.map((length, i) => length - 1 - zeros[i]!));
  if (strides.every((stride) => stride === 1) && [...before!, ...behind!].every((zeros) => zeros >= 0)) {
    const backwards: Geometry = { ...geometry, input: output, output: input, padding: before as [number, number] };
    return lowerConvolve(emitter, y, flipped, backwards, backwardShape);
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
  return lowerConvolve(emitter, spreadOut, flipped, backwards, backwardShape);
}

/** w with its rows and columns in reverse, and the filters of each group in the place of its channels. */
function flippedKernel(emitter: Emitter, w: string, { kernel, groups }: Geometry, [filters, channels]: Shape): string {
  const [each, size] = [(filters as number) / groups, channels as number];
  const shape = [size * groups, each, ...kernel];
  const exchanged =
    groups === 1
      ? emitter.node('Transpose', [w], { perm: [1, 0, 2, 3] })
      : emitter.node('Reshape', [
          emitter.node('Transpose', [emitter.node('Reshape', [w, emitter.integers([groups, each, size, ...kernel])])], {
            perm: [0, 2, 1, 3, 4],
          }),
          emitter.integers(shape),
        ]);
  return [2, 3].reduce((image, axis) => {
    const length = kernel[axis - 2]!;
    const indices = Array.from({ length }, (_, j) => length - 1 - j);
    return lowerSelection(emitter, image, { axis, indices }, shape);
  }, exchanged);
}

/** Where each row (or column) of the image that the flipped kernel runs over comes from; −1 for a zero. */
function spread(geometry: Geometry, i: 0 | 1, after: number): number[] {
  const { strides, padding, output } = geometry;
  const reach = windowReach(geometry)[i];
  const before = reach - 1 - padding[i];
  const body = (output[i] - 1) * strides[i] + 1;
  const end = reach - 1 - after;
  return Array.from({ length: before + body + end }, (_, row) => {
    const at = row - before;
    return at >= 0 && at < body && at % strides[i] === 0 ? at / strides[i] : -1;
  });
}

/** Above this many channels a product per shift of the kernel is faster than one product with all shifts stacked. */
const fewChannels = 8;

/**
 * The adjoint by w: matrix products of the shifted images with y, which all tangents of y share. In f64 and in groups they are stacked, as
 * those of the convolution itself.
 */
export function lowerConvolveKernel(
  emitter: Emitter,
  x: string,
  y: string,
  geometry: Geometry,
  kernelShape: Shape,
): string {
  const { groups, kernel: sides } = geometry;
  const [filters, channels] = kernelShape as readonly [number, number, number, number];
  const each = filters / groups;
  const planes = emitter.node('Transpose', [y], { perm: [1, 0, 2, 3] });
  const flat = emitter.node('Reshape', [planes, emitter.integers(grouped(groups, [each, -1]))]);
  const isStacked = emitter.precision === 'f64' || groups > 1 || channels <= fewChannels;
  const windows = isStacked
    ? [unfold(emitter, x, geometry, channels)]
    : shiftedPlanes(emitter, x, geometry).map((image) =>
        emitter.node('Reshape', [image, emitter.integers([channels, -1])]),
      );
  const products = windows.map((window) =>
    groups === 1
      ? emitter.node('Gemm', [window, flat], { transB: 1 })
      : batchedProduct(emitter, [window, flat], { transposeA: false, transposeB: true }),
  );
  const kernel = emitter.node('Reshape', [
    joined(emitter, products, 0),
    emitter.integers(grouped(groups, [...sides, channels, each])),
  ]);
  if (groups === 1) return emitter.node('Transpose', [kernel], { perm: [3, 2, 0, 1] });
  const ordered = emitter.node('Transpose', [kernel], { perm: [0, 4, 3, 1, 2] });
  return emitter.node('Reshape', [ordered, emitter.integers([filters, channels, ...sides])]);
}
