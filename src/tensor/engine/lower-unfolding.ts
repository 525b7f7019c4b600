import { trailingPadding } from '../autodiff/convolution.js';
import type { Geometry } from '../autodiff/tensor.js';
import { lowerSelection } from './lower-selection.js';
import type { Emitter } from './onnx-emitter.js';

/**
 * [n, C, H, W] → [kh·kw·C, n·H′·W′]: row (u, v, c), column (n, i, j) holds what the kernel's entry (c, u, v) meets at (i, j). One such matrix
 * for each group, where there are several, of its C channels.
 */
export function unfold(emitter: Emitter, x: string, geometry: Geometry, channels: number): string {
  const { groups, kernel } = geometry;
  const planes = shiftedPlanes(emitter, x, geometry);
  const rows = kernel[0] * kernel[1] * channels;
  if (groups === 1) return emitter.node('Reshape', [joined(emitter, planes, 0), emitter.integers([rows, -1])]);
  const cut = planes.map((plane) => emitter.node('Reshape', [plane, emitter.integers([groups, channels, -1])]));
  return joined(emitter, cut, 1);
}

export function joined(emitter: Emitter, parts: readonly string[], axis: number): string {
  return parts.length === 1 ? parts[0]! : emitter.node('Concat', parts, { axis });
}

/** A shape of what each group has: with an axis of groups before it, where there are several. */
export function grouped(groups: number, shape: readonly number[]): readonly number[] {
  return groups === 1 ? shape : [groups, ...shape];
}

/** For each entry (u, v) of the kernel what it meets at (i, j): of shape [C, n, H′, W′]. */
export function shiftedPlanes(emitter: Emitter, x: string, geometry: Geometry): string[] {
  const { input, kernel, output, strides, dilations, padding } = geometry;
  const after = trailingPadding(geometry);
  const planes = emitter.node('Transpose', [x], { perm: [1, 0, 2, 3] });
  const padded = [0, 1].reduce((image, i) => {
    const rows = padding[i]! + input[i]! + after[i]!;
    const indices = Array.from({ length: rows }, (_, row) => {
      const at = row - padding[i]!;
      return at >= 0 && at < input[i]! ? at : -1;
    });
    return lowerSelection(emitter, image, { axis: 2 + i, indices }, [0, 0, ...input]);
  }, planes);
  const shifts = Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [
    dilations[0] * Math.floor(i / kernel[1]),
    dilations[1] * (i % kernel[1]),
  ]);
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
