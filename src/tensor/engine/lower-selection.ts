import type { Shape } from '../autodiff/tensor.js';
import type { Emitter } from './onnx-emitter.js';

/** A selection along an axis: Slice and Pad where the indices run evenly between zeros, else Gather with one zero appended. */
export function lowerSelection(
  emitter: Emitter,
  x: string,
  { axis, indices }: { readonly axis: number; readonly indices: readonly number[] },
  shape: Shape,
): string {
  const length = shape[axis] as number;
  const axes = emitter.integers([axis]);
  const along = (zeros: number): readonly number[] => shape.map((_, i) => (i === axis ? zeros : 0));
  // Zeros are given for all axes: with Pad's input `axes` ONNX Runtime 1.30 moves transpositions past it in a wrong way.
  const padded = (name: string, before: number, after: number): string =>
    before + after === 0 ? name : emitter.node('Pad', [name, emitter.integers([...along(before), ...along(after)])]);

  const first = indices.findIndex((index) => index >= 0);
  const last = indices.findLastIndex((index) => index >= 0);
  const run = indices.slice(first, last + 1);
  const step = run.length > 1 ? run[1]! - run[0]! : 1;
  if (first >= 0 && step !== 0 && run.every((index, i) => index === run[0]! + i * step)) {
    const whole = run.length === length && step === 1;
    const end = run.at(-1)! + step;
    const taken = whole
      ? x
      : emitter.node('Slice', [
          x,
          emitter.integers([run[0]!]),
          emitter.integers([end < 0 ? -length - 1 : end]), // a negative end counts from the back
          axes,
          emitter.integers([step]),
        ]);
    return padded(taken, first, indices.length - 1 - last);
  }
  const places = emitter.integers(indices.map((index) => (index < 0 ? length : index)));
  return emitter.node('Gather', [padded(x, 0, indices.includes(-1) ? 1 : 0), places], { axis });
}
