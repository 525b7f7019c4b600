import { gaussianCoordinateNull } from '../../../../observe/gaussian-dimension.js';
import { scalingExponent } from '../../../../observe/scaling-exponent.js';
import type { Measurement } from '../../engine/experiment.js';
import type { XorDimensions, XorSnapshot } from '../../probes/xor-dimensions.js';
import { meanOfValues } from '../../shared/train-row.js';
import { xorWidths, xorSetting } from './tasks.js';

/** The networks of all widths, for each seed. */
export interface ScaledNetworks {
  readonly xor: readonly (readonly XorDimensions[])[];
}

export type LearningPhase = 'before' | 'after';
type Spread = 'coordinates' | 'largest' | 'samples';

/** Snapshots before all four cases are right for the first time, and from then on. */
export function snapshotsIn({ snapshots }: XorDimensions, phase: LearningPhase): readonly XorSnapshot[] {
  const learnt = snapshots.findIndex(({ accuracy }) => accuracy === 1);
  const turn = learnt < 0 ? snapshots.length : learnt;
  return phase === 'before' ? snapshots.slice(0, turn) : snapshots.slice(turn);
}

/** The geometric mean over snapshots; NaN of none. */
export const typicalOf = (values: readonly number[]): number => Math.exp(meanOfValues(values.map(Math.log)));

/** D of s ∝ N^D over the widths of one seed, s typical of the snapshots of a phase. */
function exponentOf(networks: readonly XorDimensions[], phase: LearningPhase, of: Spread) {
  return scalingExponent(
    networks.map((network) => ({
      size: network.parameters,
      value: typicalOf(snapshotsIn(network, phase).map((snapshot) => snapshot[of])),
    })),
  );
}

/** Of i.i.d. Gaussian vectors of the same lengths, as many. */
function gaussianExponent(networks: readonly XorDimensions[], of: 'coordinates' | 'largest') {
  return scalingExponent(
    networks.map(({ parameters, gaussian }) => ({
      size: parameters,
      value: typicalOf(gaussian.map((one) => one[of])),
    })),
  );
}

const settings = { network: '2-h-1, tanh', widths: xorWidths, ...xorSetting, loss: 'log(1 + exp(−yf))' };
const shown = (values: readonly number[]): string => meanOfValues(values).toFixed(3);

/** Mean share of the gradient's energy in the first layer in a phase, at the smallest and the largest network. */
function firstLayerShares({ xor }: ScaledNetworks, phase: LearningPhase): readonly [number, number] {
  const at = (i: number): number =>
    meanOfValues(
      xor.map((networks) => meanOfValues(snapshotsIn(networks.at(i)!, phase).map(({ firstLayer }) => firstLayer))),
    );
  return [at(0), at(-1)];
}

/** Where the gradient's energy lies, as measured, and what that does to D. */
function whyOf(found: ScaledNetworks, phase: LearningPhase): string {
  const [small, large] = firstLayerShares(found, phase);
  const [least, most] = [0, -1].map((i) => found.xor[0]!.at(i)!.parameters);
  return `${phase} learning the first layer, 3h of the 4h + 1 parameters, has ${small.toFixed(2)} of the gradient's energy at N = ${least} and ${large.toFixed(2)} at N = ${most}: the rest is in the weights out of the hidden units, a quarter of the parameters, and in one bias: a share that changes with N bends the line. How much of D − 1 it makes was not measured`;
}

/** A seed in which some width never has all four cases right, or has them at first, has no two phases. */
const unlearnt = ({ xor }: ScaledNetworks): Measurement | undefined =>
  xor
    .flat()
    .some((network) => snapshotsIn(network, 'before').length === 0 || snapshotsIn(network, 'after').length === 0)
    ? { values: [], reason: 'some network does not go from wrong to right', settings }
    : undefined;

/** The exponent in a phase, one for each seed; the standard errors are those of the fits. */
export const exponentIn =
  (phase: LearningPhase, of: Spread) =>
  (found: ScaledNetworks): Measurement => {
    const fits = () => found.xor.map((networks) => exponentOf(networks, phase, of));
    const perParameter = (networks: readonly XorDimensions[], i: number): number =>
      typicalOf(snapshotsIn(networks.at(i)!, phase).map((snapshot) => snapshot[of] / networks.at(i)!.parameters));
    return (
      unlearnt(found) ?? {
        values: fits().map(({ exponent }) => exponent),
        beside: {
          'error of a fit': meanOfValues(fits().map(({ standardError }) => standardError)),
          'dimension/N at the smallest N': shown(found.xor.map((networks) => perParameter(networks, 0))),
          'at the largest': shown(found.xor.map((networks) => perParameter(networks, -1))),
        },
        ...(of === 'coordinates' ? { reason: whyOf(found, phase) } : {}),
        settings,
      }
    );
  };

/** D after learning less D before. */
export const exponentChange =
  (of: Spread) =>
  (found: ScaledNetworks): Measurement => {
    const of2 = (phase: LearningPhase): number[] =>
      found.xor.map((networks) => exponentOf(networks, phase, of).exponent);
    const missing = unlearnt(found);
    if (missing !== undefined) return missing;
    const [before, after] = [of2('before'), of2('after')];
    return {
      values: after.map((exponent, i) => exponent - before[i]!),
      beside: {
        before: shown(before),
        after: shown(after),
        ...(of === 'samples'
          ? {}
          : { 'i.i.d. Gaussian': shown(found.xor.map((networks) => gaussianExponent(networks, of).exponent)) }),
      },
      ...(of === 'coordinates' ? { reason: whyOf(found, 'after') } : {}),
      settings,
    };
  };

/** How far the exponent of sampled i.i.d. Gaussian vectors is from that of (N + 2)/3. */
export function gaussianDeviation({ xor }: ScaledNetworks): Measurement {
  const exact = scalingExponent(
    xor[0]!.map(({ parameters }) => ({ size: parameters, value: gaussianCoordinateNull(parameters) })),
  ).exponent;
  const fits = xor.map((networks) => gaussianExponent(networks, 'coordinates').exponent);
  return {
    values: fits.map((exponent) => Math.abs(exponent - exact)),
    beside: { 'of (N + 2)/3': exact, sampled: shown(fits) },
    settings,
  };
}
