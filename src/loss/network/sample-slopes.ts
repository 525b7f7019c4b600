import { gradient, multiply, sum, tangent, type Tensor } from '../../tensor/autodiff/index.js';
import type { Reals } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';
import { checkLength } from '../parameters.js';
import { directionInputs } from './curvature-graphs.js';
import { directionsOf } from './directions.js';
import type { Network } from './network.js';
import type { SampledNetwork } from './sampled-network.js';

const slopeName = (j: number): string => `slope ${j}`;

/**
 * ∇ℓ_i·v = (∂ℓ_i/∂z_i)·(J_i v) of every sample, z the scores: forward mode alone, where a gradient of each sample would be n passes back.
 * In evaluation no sample enters another's loss, so that the row of ∂(Σ ℓ)/∂z is its own.
 */
function slopeGraph({ loss, scores, layout, parameters }: Network, columns: number): Record<string, Tensor> {
  const names = layout.specs.map(({ name }) => name);
  const [byScores] = gradient(loss, [scores]);
  const axes = [...scores.shape.keys()].slice(1);
  const directions = directionInputs({ names, tensors: parameters }, columns);
  return Object.fromEntries(
    directions.flatMap((direction, j) => {
      const [moved] = tangent([scores], new Map(parameters.map((t, i) => [t, direction[i]!])));
      return byScores === undefined || moved === undefined
        ? []
        : [[slopeName(j), sum(multiply(byScores, moved), axes)]];
    }),
  );
}

/** ∇ℓ_i·v_j at `j * n + i`, at most `block` directions in one graph. */
export async function sampleSlopes(
  sampled: SampledNetwork,
  { weights, statistics }: { readonly weights: Reals; readonly statistics: Statistics },
  {
    directions,
    columns,
    block,
  }: { readonly directions: Float64Array; readonly columns: number; readonly block: number },
): Promise<Float64Array> {
  const { network, precision, count: n } = sampled;
  const { layout } = network;
  checkLength('directions', directions.length, columns * layout.size);
  const fixed = sampled.inputs(weights, statistics);
  const slopes = new Float64Array(columns * n);
  for (let from = 0; from < columns; from += block) {
    const width = Math.min(block, columns - from);
    const graph = await sampled.program(`slopes ${width}`, () => slopeGraph(network, width));
    const part = directions.subarray(from * layout.size, (from + width) * layout.size);
    const { factors, inputs } = directionsOf(part, width, layout, precision);
    let done = 0;
    for (const values of await sampled.values(graph, { ...fixed, ...inputs })) {
      for (let j = 0; j < width; j++) {
        values[slopeName(j)]?.forEach((slope, i) => (slopes[(from + j) * n + done + i] = slope / factors[j]!));
      }
      done += values[slopeName(0)]?.length ?? 0;
    }
  }
  return slopes;
}
