import { flatnessCosts, spikeRank } from '../../../../observe/spike-and-flat.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import type { Entries, Measurement } from '../../engine/experiment.js';
import type { FactorSide, LayerFactors, ShampooFactors } from '../../probes/shampoo-factors.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import {
  besideOverlap,
  blockFlatness,
  bothSides,
  fallOfRest,
  flatEnough,
  largerRankAbove,
  lateHidden,
  layerOf,
  relativeRank,
  savedCost,
  sidesOf,
} from './findings.js';
import { batch, beta } from './tasks.js';

type One = readonly ShampooFactors[];

/** Runs with the factors at each step looked at, seed by seed. */
export interface Trained {
  readonly runs: readonly TrainDocument[];
  readonly factors: readonly One[];
}

/** Cuts of the null space, over the largest eigenvalue, against which the rank is checked. */
const cuts = [1e-6, 1e-5, 1e-4, 1e-3];

/** A number of each seed's network, and why it came out as it did. */
const ofNetwork =
  (
    value: (one: One) => number,
    beside: (found: readonly One[]) => Entries,
    reasonOf?: (found: readonly One[]) => string,
  ) =>
  ({ runs, factors }: Trained): Measurement => ({
    values: factors.map(value),
    beside: beside(factors),
    ...(reasonOf && { reason: reasonOf(factors) }),
    settings: { ...trainSettings(runs.map(({ run }) => run)), factors: { batch, beta }, flatEnough },
  });

const kl = (one: One): LayerFactors['kl'] => lateHidden(one).kl;
const klAtFirst = (one: One): LayerFactors['kl'] => layerOf(one[0]!).kl;
const shampoo = (one: One): LayerFactors['kl'] => lateHidden(one).shampoo;

const fallsAfter = ({ eigenvalues }: FactorSide): number => spikeRank(eigenvalues, flatEnough).byRatio;
const topShare = (side: FactorSide): number => side.topShare;
const hessianOverlap = (side: FactorSide): number => side.hessianOverlap;

const shareGap = (one: One): number =>
  Math.max(
    ...(['left', 'right'] as const).map((name) =>
      Math.abs(lateHidden(one).shampoo[name].topShare - lateHidden(one).hessian[name].topShare),
    ),
  );

/** Eigenvalues of KL-Shampoo's factor of the outputs of the last layer that are not null. */
function scoresOf(one: One): readonly number[] {
  return layerOf(one.at(-1)!, 'dense3.weight').kl.left.eigenvalues.slice(0, 9);
}

/** Rank of the spike over n, the larger of both sides. */
export const spikeRanks = ofNetwork(
  (one) => Math.max(...sidesOf(kl(one)).map(relativeRank)),
  (found) => ({
    'outputs, inputs': bothSides(found, kl, relativeRank),
    'at first': bothSides(found, klAtFirst, relativeRank),
    "Shampoo's": bothSides(found, shampoo, relativeRank),
    'first layer': bothSides(found, (one) => layerOf(one.at(-1)!, 'dense1.weight').kl, relativeRank),
    'n of the factors': bothSides(found, kl, ({ eigenvalues }) => eigenvalues.length),
    'log(AM/GM) after m': bothSides(found, kl, ({ eigenvalues, classes }) => flatnessCosts(eigenvalues)[classes]!),
  }),
  (found) =>
    `behind the m leading eigenvalues there is no plateau: from the first of the rest to the middle one they fall by a factor of ${bothSides(found, kl, fallOfRest)}. The cut of the null space at 1e-8 λ₁ is not the cause: at ${cuts.join(', ')} λ₁ the larger ratio, of the eigenvalues left, is ${cuts.map((cut) => meanOfValues(found.map((one) => largerRankAbove(one, cut))).toFixed(2)).join(', ')}; nor are KL-Shampoo’s weights: Shampoo’s means of all batches are the same`,
);

/** Share of the KL cost of an isotropic factor that a spike of m saves, the lower of both sides. */
export const savedCosts = ofNetwork(
  (one) => Math.min(...sidesOf(kl(one)).map(savedCost)),
  (found) => ({
    'outputs, inputs': bothSides(found, kl, savedCost),
    "Shampoo's": bothSides(found, shampoo, savedCost),
    'share of the m largest in the trace': bothSides(found, kl, topShare),
  }),
);

/** After which eigenvalue the spectrum falls most, the larger of both sides. */
export const largestFalls = ofNetwork(
  (one) => Math.max(...sidesOf(kl(one)).map(fallsAfter)),
  (found) => ({
    'outputs, inputs': bothSides(found, kl, fallsAfter),
    'its ratio': bothSides(found, kl, ({ eigenvalues }) => spikeRank(eigenvalues, flatEnough).ratio),
    "Shampoo's": bothSides(found, shampoo, fallsAfter),
  }),
);

/** Overlap of the leading eigenvectors with the class space: on the right the class means, on the left the scores of zero sum, brought back. */
export const classOverlaps = (name: 'left' | 'right'): ReturnType<typeof ofNetwork> =>
  ofNetwork(
    (one) => kl(one)[name].classOverlap,
    (found) => besideOverlap(found, name),
  );

/** log(AM/GM) on the scores of zero sum. */
export const scoreFlatness = ofNetwork(
  (one) => flatnessCosts(scoresOf(one))[0]!,
  (found) => ({
    rank: meanOfValues(found.map((one) => scoresOf(one).length)),
    'largest over smallest': meanOfValues(found.map((one) => scoresOf(one)[0]! / scoresOf(one).at(-1)!)),
    'log(AM/GM) at first': meanOfValues(found.map((one) => flatnessCosts(scoresOf(one.slice(0, 1)))[0]!)),
  }),
  (found) =>
    `classes of MNIST are not equal once some are learnt: at first it is ${found.map((one) => flatnessCosts(scoresOf(one.slice(0, 1)))[0]!.toPrecision(2)).join(', ')}`,
);

/** Share of the m largest in the trace, Shampoo's factor against the Hessian's block traced: the larger difference of both sides. */
export const sharesAgainstHessian = ofNetwork(shareGap, (found) => ({
  "Shampoo's: outputs, inputs": bothSides(found, shampoo, topShare),
  "Hessian's": (['left', 'right'] as const)
    .map((name) => meanOfValues(found.map((one) => lateHidden(one).hessian[name].topShare)).toPrecision(3))
    .join(', '),
  'difference at first': meanOfValues(found.map((one) => shareGap(one.slice(0, 1)))),
}));

/** Overlap of the leading eigenvectors with those of the Hessian's block traced, the lower of both sides. */
export const spacesAgainstHessian = ofNetwork(
  (one) => Math.min(...sidesOf(shampoo(one)).map(hessianOverlap)),
  (found) => ({
    'outputs, inputs': bothSides(found, shampoo, hessianOverlap),
    'at first': bothSides(found, (one) => layerOf(one[0]!).shampoo, hessianOverlap),
    "KL-Shampoo's": bothSides(found, kl, hessianOverlap),
  }),
);

/** (Tr R)²/(n Tr R²) of the Hessian's block without its leading eigenvalues. */
export const blockRests = ofNetwork(
  (one) => blockFlatness(lateHidden(one)),
  (found) => {
    const over = (of: (one: One) => number): number => meanOfValues(found.map(of));
    const spike = (one: One): number => lateHidden(one).hessian.eigenvalues.reduce((sum, x) => sum + x, 0);
    return {
      'share of the 30 in the trace': over((one) => spike(one) / (spike(one) + lateHidden(one).hessian.restTrace)),
      'λ₁ over the mean of the rest': over((one) => {
        const { eigenvalues, restTrace, dimension } = lateHidden(one).hessian;
        return eigenvalues[0]! / (restTrace / (dimension - eigenvalues.length));
      }),
      'falls most after': over(
        (one) =>
          spikeRank(
            lateHidden(one).hessian.eigenvalues.filter((x) => x > 0),
            flatEnough,
          ).byRatio,
      ),
    };
  },
  (found) =>
    `the rest goes on falling too: by (Tr R)²/Tr R² it is as large as ${found.map((one) => (blockFlatness(lateHidden(one)) * (lateHidden(one).hessian.dimension - lateHidden(one).hessian.eigenvalues.length)).toFixed(0)).join(', ')} equal eigenvalues`,
);
