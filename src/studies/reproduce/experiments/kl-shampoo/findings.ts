import { flatnessCosts, spikeRank } from '../../../../observe/spike-and-flat.js';
import type { Entries } from '../../engine/experiment.js';
import type { FeatureLevels, ModelFactors } from '../../probes/model-factors.js';
import type { FactorSide, LayerFactors, ShampooFactors } from '../../probes/shampoo-factors.js';
import { meanOfValues } from '../../shared/train-row.js';
import { factorModel } from './tasks.js';

/** The rest is called flat where log(AM/GM) is at most this: its eigenvalues scatter by about ± 45 %. */
export const flatEnough = 0.1;
/** The same in the exact model, where thousands of batches leave less scatter. */
export const flatInModel = 0.005;

/** A layer at a step: 'dense2.weight' is the hidden 100 × 100 one. */
export const layerOf = (found: ShampooFactors, layer = 'dense2.weight'): LayerFactors =>
  found.layers.find((one) => one.layer === layer)!;

/** The hidden layer at the last step. */
export const lateHidden = (found: readonly ShampooFactors[]): LayerFactors => layerOf(found.at(-1)!);

export const sidesOf = ({ left, right }: LayerFactors['kl']): readonly FactorSide[] => [left, right];

/** Rank of the spike over what the factor has dimensions. */
export const relativeRank = ({ eigenvalues }: FactorSide): number =>
  spikeRank(eigenvalues, flatEnough).byCost / eigenvalues.length;

/** 1 − gap(m)/gap(0): the share of the KL cost of an isotropic factor that a spike as large as the class space saves. */
export function savedCost({ eigenvalues, classes: m }: FactorSide): number {
  const [costs, n] = [flatnessCosts(eigenvalues), eigenvalues.length];
  return 1 - ((n - m) * costs[m]!) / (n * costs[0]!);
}

/** λ_{m+1} over the eigenvalue in the middle of those behind the m leading ones. */
export const fallOfRest = ({ eigenvalues, classes: m }: FactorSide): number =>
  eigenvalues[m]! / eigenvalues[Math.floor((m + eigenvalues.length) / 2)]!;

/** (Tr R)²/(n Tr R²) of a Hessian block without its leading eigenvalues: 1 where it is a multiple of the identity. */
export const blockFlatness = ({ hessian }: LayerFactors): number =>
  hessian.restTrace ** 2 / ((hessian.dimension - hessian.eigenvalues.length) * hessian.restSquares);

type Probed = readonly (readonly ShampooFactors[])[];

/** A number of both sides, means over the seeds: 'outputs, inputs'. */
export function bothSides(
  found: Probed,
  of: (one: readonly ShampooFactors[]) => LayerFactors['kl'],
  value: (side: FactorSide) => number,
): string {
  return (['left', 'right'] as const)
    .map((name) => meanOfValues(found.map((one) => value(of(one)[name]))).toPrecision(3))
    .join(', ');
}

/** What is shown beside a row of the class space of one side. */
export function besideOverlap(found: Probed, name: 'left' | 'right'): Entries {
  const over = (value: (one: readonly ShampooFactors[]) => number): number => meanOfValues(found.map(value));
  const side = (one: readonly ShampooFactors[]): FactorSide => lateHidden(one).kl[name];
  return {
    'next m eigenvectors': over((one) => side(one).nextOverlap),
    'random m/n': over((one) => side(one).classes / side(one).dimension),
    'at first': over((one) => layerOf(one[0]!).kl[name].classOverlap),
    "Shampoo's": over((one) => lateHidden(one).shampoo[name].classOverlap),
    'Hessian block, traced': over((one) => lateHidden(one).hessian[name].classOverlap),
    'first layer': over((one) => layerOf(one.at(-1)!, 'dense1.weight').kl[name].classOverlap),
    'last layer': over((one) => layerOf(one.at(-1)!, 'dense3.weight').kl[name].classOverlap),
  };
}

const levelNames = ['mean', 'differences', 'bulk'] as const;

/** The largest deviation from the closed form over margins and levels, in standard errors. */
export const levelDeviation = (found: readonly ModelFactors[]): number =>
  Math.max(
    ...found.flatMap(({ predicted, measured, errors }) =>
      levelNames.map((name) => Math.abs(measured[name] - predicted[name]) / errors[name]),
    ),
  );

/** The largest relative deviation of KL-Shampoo's levels over the bulk from those of the closed form. */
export const levelRatioDeviation = (found: readonly ModelFactors[]): number =>
  Math.max(
    ...found.flatMap(({ predicted, kl }) =>
      (['mean', 'differences'] as const).map((name) =>
        Math.abs(kl[name] / kl.bulk / (predicted[name] / predicted.bulk) - 1),
      ),
    ),
  );

/** At how many margins the rank of the spike is not that of the closed form. */
export const wrongRanks = (found: readonly ModelFactors[]): number =>
  found.filter(({ predicted, eigenvalues }) => rankOf(eigenvalues) !== rankOf(closedSpectrum(predicted))).length;

export const rankOf = (eigenvalues: readonly number[]): number => spikeRank(eigenvalues, flatInModel).byCost;

/** All eigenvalues of the closed form, descending. */
export function closedSpectrum({ mean, differences, bulk }: FeatureLevels): number[] {
  const { classes: k, dim } = factorModel;
  return [mean, ...Array<number>(k - 1).fill(differences), ...Array<number>(dim - k).fill(bulk)].sort((a, b) => b - a);
}

/** 'mean 3.8, differences 7.6' over the bulk, for each margin. */
export const levelsText = (found: readonly ModelFactors[], of: (one: ModelFactors) => FeatureLevels): string =>
  found
    .map((one) => [of(one).mean, of(one).differences].map((x) => (x / of(one).bulk).toFixed(2)).join(' and '))
    .join('; ');
