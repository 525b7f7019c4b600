import type { JointOperators, JointRequest } from '../../numeric/kernels/joint-operators.js';
import { zeros } from '../../numeric/kernels/float-array.js';
import { stages, type Tensor } from '../../tensor/autodiff/index.js';
import type { Reals } from '../../tensor/engine/index.js';
import type { Curvature, Statistics } from '../objective.js';
import { checkLength, parts } from '../parameters.js';
import { blockProducts, directionInputs, productName, type Differentiated } from './curvature-graphs.js';
import { chosenParameters, type Keeping } from './curvature-operator.js';
import { directionsOf } from './directions.js';
import type { Pass } from './last-pass.js';
import { toMeans, type SampledNetwork } from './sampled-network.js';

/** Which blocks, and where. */
export interface BlocksOf {
  readonly kind: Curvature;
  readonly weights: Reals;
  readonly statistics: Statistics;
  /** Patterns of the parameters of each block. */
  readonly blocks: readonly (readonly string[])[];
}

/**
 * Diagonal blocks of a curvature at one θ. What does not depend on directions is computed once for all of them, where it is kept; and up to `width`
 * blocks, one direction each, go through one graph, in which those that ask for nothing have the direction zero. Where more than half of them ask for nothing, the
 * others go through graphs of their own. Throws UsageError for patterns that name no parameter.
 */
export function blockCurvatures(
  sampled: SampledNetwork,
  { kind, weights, statistics, blocks }: BlocksOf,
  { width, keeping }: { readonly width: number; readonly keeping: Keeping },
): JointOperators {
  const { network, precision, count } = sampled;
  const fixed = sampled.inputs(weights, statistics);
  const chosen = blocks.map((patterns) => chosenParameters(network, patterns));
  const name = `${kind} blocks ${JSON.stringify(chosen.map(({ names }) => names))}`;
  const made = stagedBlocks(sampled, kind, chosen);
  const isKept = keeping(name, () => made().first);
  let shared: Promise<Pass> | undefined;
  const sharedPass = async (): Promise<Pass> =>
    sampled.values(await sampled.program(`${name} primal`, () => made().first), fixed);
  const groups = Array.from({ length: Math.ceil(blocks.length / width) }, (_, i) =>
    [...blocks.keys()].slice(i * width, (i + 1) * width),
  );

  /** One product for each of some blocks of a group, those of the others being zero. */
  const multiply = async (group: readonly number[], vectors: ReadonlyMap<number, Vector>): Promise<void> => {
    const program = await sampled.program(`${name} ${isKept ? 'of' : 'whole of'} ${group.join()}`, () => {
      const outputs = group.flatMap((b) => chosen[b]!.names.map((parameter) => productName(b, parameter)));
      return picked(isKept ? made().second : made().whole, outputs);
    });
    const early = isKept ? await (shared ??= sharedPass()) : [];
    const inputs: Record<string, Reals> = {};
    const into: Record<string, Float64Array> = {};
    const factors = new Map<number, number>();
    for (const b of group) {
      const { layout } = chosen[b]!;
      const given = vectors.get(b)?.vector ?? zeros(precision, layout.size);
      const direction = directionsOf(given, 1, layout, precision, b);
      factors.set(b, direction.factors[0]!);
      Object.assign(inputs, direction.inputs);
      const product = vectors.get(b)?.product ?? new Float64Array(layout.size);
      Object.assign(
        into,
        parts(layout, product, (of) => productName(b, of)),
      );
    }
    await sampled.sums(program, { ...fixed, ...inputs }, early, { into });
    for (const [b, { product }] of vectors) toMeans(product, count, 1 / factors.get(b)!);
  };

  const apply = async (requests: readonly JointRequest[]): Promise<Float64Array[]> => {
    const products = requests.map(({ operator, block, columns }) => {
      checkLength('vectors', block.length, columns * chosen[operator]!.layout.size);
      return new Float64Array(block.length);
    });
    const rounds = Math.max(0, ...requests.map(({ columns }) => columns));
    for (let round = 0; round < rounds; round++) {
      const wanted = new Map<number, Vector>();
      requests.forEach(({ operator, block, columns }, i) => {
        if (round >= columns) return;
        const { size } = chosen[operator]!.layout;
        const [from, to] = [round * size, (round + 1) * size];
        wanted.set(operator, { vector: block.subarray(from, to), product: products[i]!.subarray(from, to) });
      });
      for (const group of groups) {
        const own = new Map(group.flatMap((b) => (wanted.has(b) ? [[b, wanted.get(b)!] as const] : [])));
        if (2 * own.size > group.length) await multiply(group, own);
        else for (const [b, vector] of own) await multiply([b], new Map([[b, vector]]));
      }
    }
    return products;
  };
  return { dimensions: chosen.map(({ layout }) => layout.size), precision, apply };
}

interface Vector {
  readonly vector: Reals;
  readonly product: Float64Array;
}

/** The graphs of all blocks, made where they are asked for first. */
function stagedBlocks({ network }: SampledNetwork, kind: Curvature, chosen: readonly Differentiated[]) {
  let made: Record<'first' | 'second' | 'whole', Readonly<Record<string, Tensor>>> | undefined;
  return () => {
    if (made !== undefined) return made;
    const directions = chosen.map((block, b) => directionInputs(block, 1, b)[0]!);
    const whole = blockProducts(network, chosen, kind, directions);
    return (made = { whole, ...stages(whole, new Set(directions.flat())) });
  };
}

const picked = (outputs: Readonly<Record<string, Tensor>>, names: readonly string[]): Record<string, Tensor> =>
  Object.fromEntries(names.flatMap((name) => (outputs[name] === undefined ? [] : [[name, outputs[name]]])));
