import {
  detach,
  gradient,
  input,
  multiply,
  stages,
  tangent,
  total,
  type Stages,
  type Tensor,
} from '../../tensor/autodiff/index.js';
import type { Curvature } from '../objective.js';
import type { Network } from './network.js';

/** What to differentiate by: the network's parameters, or some of them by name. */
export interface Differentiated {
  readonly names: readonly string[];
  readonly tensors: readonly Tensor[];
}

/** The name of parameter `name` in direction j, and of the product's part. */
export const directionName = (j: number, name: string): string => `direction ${j}: ${name}`;
export const productName = (j: number, name: string): string => `product ${j}: ${name}`;
export const gradientName = (name: string): string => `gradient: ${name}`;

/** ∂loss/∂θ by parameter; those that the loss does not depend on are left out. */
export function gradientGraph({ loss }: Network, { names, tensors }: Differentiated): Record<string, Tensor> {
  const derivatives = gradient(loss, tensors);
  return defined(names.map((name, i) => [gradientName(name), derivatives[i]]));
}

/** Inputs for `columns` directions: for each, one for every parameter. The first is direction `from`. */
export function directionInputs({ names, tensors }: Differentiated, columns: number, from = 0): Tensor[][] {
  return Array.from({ length: columns }, (_, j) =>
    tensors.map((t, i) => input(directionName(from + j, names[i]!), t.shape)),
  );
}

/**
 * Products of diagonal blocks of a curvature with directions, each in the parameters of its block, in one graph that computes what does not depend on the directions once.
 * H v is the tangent of the gradient along v. G v pulls (∂²loss/∂z²) J v back: the tangent of the scores, then of ∂loss/∂z along it, then the
 * adjoint of J.
 */
export function blockProducts(
  { loss, scores }: Network,
  blocks: readonly Differentiated[],
  curvature: Curvature,
  directions: readonly (readonly Tensor[])[],
): Record<string, Tensor> {
  const all = [...new Set(blocks.flatMap(({ tensors }) => tensors))];
  const derivatives = new Map(gradient(loss, all).map((derivative, i) => [all[i]!, derivative]));
  const [byScores] = gradient(loss, [scores]);
  const along = (
    tensors: readonly Tensor[],
    direction: ReadonlyMap<Tensor, Tensor>,
  ): readonly (Tensor | undefined)[] => {
    if (curvature === 'hessian')
      return tangent(
        tensors.map((t) => derivatives.get(t)),
        direction,
      );
    const [moved] = tangent([scores], direction);
    const [bent] = moved === undefined ? [undefined] : tangent([byScores], new Map([[scores, moved]]));
    return bent === undefined ? [] : gradient(total(multiply(scores, detach(bent))), tensors);
  };
  return Object.assign(
    {},
    ...directions.map((direction, j) => {
      const { names, tensors } = blocks[j]!;
      const products = along(tensors, new Map(tensors.map((t, i) => [t, direction[i]!])));
      return defined(names.map((name, i) => [productName(j, name), products[i]]));
    }),
  ) as Record<string, Tensor>;
}

/** Products of a curvature with directions in the same parameters. */
export function productGraph(
  network: Network,
  of: Differentiated,
  curvature: Curvature,
  directions: readonly (readonly Tensor[])[],
): Record<string, Tensor> {
  return blockProducts(
    network,
    directions.map(() => of),
    curvature,
    directions,
  );
}

/** The same in two stages: what does not depend on the directions, and what does. */
export function productStages(
  network: Network,
  of: Differentiated,
  curvature: Curvature,
  directions: readonly (readonly Tensor[])[],
): Stages {
  return stages(productGraph(network, of, curvature, directions), new Set(directions.flat()));
}

function defined(entries: readonly (readonly [string, Tensor | undefined])[]): Record<string, Tensor> {
  return Object.fromEntries(entries.filter((entry): entry is [string, Tensor] => entry[1] !== undefined));
}
