import { isCounted, matmul, reshape, type Tensor } from '../../autodiff/index.js';
import { checkSize, merged, moved } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';

/** Weights of entries of the input for one entry of the result, along one axis. */
type Weights = readonly (readonly [index: number, weight: number])[];

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** Where entry j of the result lies among the entries of the input. */
function placeOf(call: Call, { input, output, scale }: Axis, j: number): number {
  const mode = call.text('coordinate_transformation_mode', 'half_pixel');
  switch (mode) {
    case 'half_pixel':
      return (j + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return output > 1 ? (j + 0.5) / scale - 0.5 : 0;
    case 'align_corners':
      if (Math.abs(scale * input - Math.round(scale * input)) > 1e-6) {
        call.fail(
          `align_corners with ${input} entries times ${scale} is no whole length; give the size in place of the scale`,
        );
      }
      return output === 1 ? 0 : (j * (input - 1)) / (output - 1);
    case 'asymmetric':
      return j / scale;
    default:
      return call.fail(
        `coordinates '${mode}' are not expressed here; legal are half_pixel, pytorch_half_pixel, align_corners and asymmetric`,
      );
  }
}

function nearest(call: Call, place: number): Weights {
  const mode = call.text('nearest_mode', 'round_prefer_floor');
  switch (mode) {
    case 'round_prefer_floor':
      return [[Math.ceil(place - 0.5), 1]];
    case 'round_prefer_ceil':
      return [[Math.floor(place + 0.5), 1]];
    case 'floor':
      return [[Math.floor(place), 1]];
    case 'ceil':
      return [[Math.ceil(place), 1]];
    default:
      return call.fail(`nearest_mode '${mode}' is not known`);
  }
}

const linear = (place: number): Weights => {
  const [below, rest] = [Math.floor(place), place - Math.floor(place)];
  return [
    [below, 1 - rest],
    [below + 1, rest],
  ];
};

/** Keys' cubic convolution of coefficient a (IEEE Trans. ASSP 29, 1981), from four neighbours. */
function cubic(call: Call, place: number, input: number): Weights {
  const a = call.float('cubic_coeff_a', -0.75);
  const kernel = (distance: number): number => {
    const d = Math.abs(distance);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  };
  const below = Math.floor(place);
  const all = [-1, 0, 1, 2].map((shift) => [below + shift, kernel(place - below - shift)] as const);
  if (call.int('exclude_outside', 0) === 0) return all;
  const inside = all.filter(([index]) => index >= 0 && index < input);
  const total = inside.reduce((sum, [, weight]) => sum + weight, 0);
  return inside.map(([index, weight]) => [index, weight / total]);
}

/** Along each axis a linear map of known weights; entries beyond the ends are those at the ends. */
function resized(call: Call): Tensor {
  const x = call.tensor(0);
  if (call.int('antialias', 0) !== 0) return call.fail('antialias is not expressed here');
  if (call.opset < 11) return call.fail('its form before version 11 is not expressed here');
  const given = (i: number): readonly number[] | undefined =>
    call.has(i) && call.known(i).data.length > 0 ? call.numbers(i) : undefined;
  const [scales, sizes] = [given(2), given(3)];
  const named = call.ints('axes')?.map((axis) => call.axis(axis, x.shape.length)) ?? x.shape.map((_, axis) => axis);
  if (call.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    call.fail('only sizes that stretch are expressed here');
  return named.reduce((y, axis, i) => {
    const input = y.shape[axis]!;
    const [factor, size] = [scales?.[i], sizes?.[i]];
    if (factor === 1 || (size !== undefined && size === input)) return y;
    if (isCounted(input))
      return factor === undefined && size === call.batch ? y : call.fail('it resizes the axis of samples');
    const output = size ?? Math.floor(input * factor!);
    checkSize(call, [input, output]);
    return along(call, y, axis, { input, output, scale: factor ?? output / input });
  }, x);
}

function along(call: Call, x: Tensor, axis: number, lengths: Axis): Tensor {
  const { input, output } = lengths;
  if (!(output >= 1)) return call.fail(`an axis would have the length ${output}`);
  const mode = call.text('mode', 'nearest');
  const matrix = new Float64Array(input * output);
  for (let j = 0; j < output; j++) {
    const place = placeOf(call, lengths, j);
    const weights =
      mode === 'nearest'
        ? nearest(call, place)
        : mode === 'linear'
          ? linear(place)
          : mode === 'cubic'
            ? cubic(call, place, input)
            : call.fail(`mode '${mode}' is not known`);
    for (const [index, weight] of weights) matrix[Math.min(Math.max(index, 0), input - 1) * output + j]! += weight;
  }
  const last = x.shape.length - 1;
  const rows = moved(x, axis, last);
  const flat = reshape(rows, [merged(rows.shape.slice(0, -1)), input]);
  const y = matmul(flat, call.constant([input, output], matrix));
  return moved(reshape(y, [...rows.shape.slice(0, -1), output]), last, axis);
}

export const resizeOperators: readonly Operator[] = [
  {
    name: 'Resize',
    help: 'an image of another size, by the nearest entry, linearly or by cubic convolution',
    limits: 'antialias, crops, aspect ratios that are kept',
    apply: resized,
  },
];
