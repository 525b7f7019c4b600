import type { Geometry } from './tensor.js';
import type { Value } from './value.js';

type Visit = (x: number, w: number, y: number) => void;

/**
 * Calls `visit` with the flat indices of every product x w that enters an entry y of the convolution, padding left out. `channels` are those
 * of the images, a kernel has those of its group.
 */
function everyProduct(images: number, channels: number, filters: number, geometry: Geometry, visit: Visit): void {
  const [[H, W], [kh, kw], [outH, outW]] = [geometry.input, geometry.kernel, geometry.output];
  const [[sv, sh], [dv, dh], [pv, ph]] = [geometry.strides, geometry.dilations, geometry.padding];
  const each = channels / geometry.groups;
  for (let n = 0; n < images; n++)
    for (let o = 0; o < filters; o++)
      for (let i = 0; i < outH; i++)
        for (let j = 0; j < outW; j++)
          for (let c = 0; c < each; c++)
            for (let u = 0; u < kh; u++)
              for (let v = 0; v < kw; v++) {
                const channel = Math.floor((o * geometry.groups) / filters) * each + c;
                const [row, column] = [sv * i + dv * u - pv, sh * j + dh * v - ph];
                if (row < 0 || row >= H || column < 0 || column >= W) continue;
                visit(
                  ((n * channels + channel) * H + row) * W + column,
                  ((o * each + c) * kh + u) * kw + v,
                  ((n * filters + o) * outH + i) * outW + j,
                );
              }
}

export function interpretConvolve(x: Value, w: Value, geometry: Geometry): Float64Array {
  const [images, channels, filters] = [x.shape[0]!, x.shape[1]!, w.shape[0]!];
  const y = new Float64Array(images * filters * geometry.output[0] * geometry.output[1]);
  everyProduct(images, channels, filters, geometry, (i, j, k) => (y[k]! += x.data[i]! * w.data[j]!));
  return y;
}

export function interpretInput(y: Value, w: Value, geometry: Geometry): Float64Array {
  const [images, filters, channels] = [y.shape[0]!, w.shape[0]!, w.shape[1]! * geometry.groups];
  const x = new Float64Array(images * channels * geometry.input[0] * geometry.input[1]);
  everyProduct(images, channels, filters, geometry, (i, j, k) => (x[i]! += y.data[k]! * w.data[j]!));
  return x;
}

export function interpretKernel(x: Value, y: Value, geometry: Geometry): Float64Array {
  const [images, channels, filters] = [x.shape[0]!, x.shape[1]!, y.shape[1]!];
  const w = new Float64Array(((filters * channels) / geometry.groups) * geometry.kernel[0] * geometry.kernel[1]);
  everyProduct(images, channels, filters, geometry, (i, j, k) => (w[j]! += x.data[i]! * y.data[k]!));
  return w;
}

/** Flat index of the first of the largest entries of each window. */
export function interpretPoolIndices({ data, shape }: Value, geometry: Geometry): Float64Array {
  const planes = shape[0]! * shape[1]!;
  const best = new Float64Array(planes * geometry.output[0] * geometry.output[1]).fill(-1);
  everyProduct(planes, 1, 1, geometry, (x, _, y) => {
    if (best[y]! < 0 || data[x]! > data[best[y]!]!) best[y] = x;
  });
  return best;
}
