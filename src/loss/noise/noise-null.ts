import { cutAfter } from '../../observe/multiplet.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { squaredNorm } from '../../observe/squared-norm.js';
import {
  expectedFraction,
  gaussianFraction,
  gaussianOverlap,
  stationaryEnergy,
  type GaussianMoments,
} from '../../sgd-noise/index.js';
import type { GradientNoise, RestNoise } from './gradient-noise.js';
import { cutLevels, noiseLevels } from './noise-levels.js';
import { jackknifeErrors, restTrace } from './rest-traces.js';

/** How SGD draws its noise: η, μ of the heavy ball, and batches of b samples, drawn from all of them anew each step, or in epochs that take each once. */
export interface DrawnSteps {
  readonly learningRate: number;
  readonly momentum?: number;
  /** b; where batches differ, their harmonic mean, which has their mean of 1/b. */
  readonly batch: number;
  readonly replacement: boolean;
}

/** Of both laws; `stationary` is null where the noise has no stationary state, ηλ ≥ 2(1+μ). */
export interface BothLaws<T> {
  /** E g_i² ∝ λ_i². */
  readonly spectrumOnly: T;
  /** E g_i² = (η/b) c_iλ_i/(2 − ηλ_i). */
  readonly stationary: T | null;
}

/** Over all choices of m top eigenvectors. */
export interface AtBothEnds<T> {
  readonly lower: T;
  readonly upper: T;
}

/** An energy of the gradient: of the noise, as predicted, and as it was found. */
export interface EnergyPair {
  readonly predicted: number;
  readonly measured: number;
}

/** The noise of SGD as a null hypothesis for f_top(m) and overlap(g, Hg): Σ_{i≤m} E g_i²/E‖g‖² of both laws. */
export interface NoiseNull extends BothLaws<AtBothEnds<number>> {
  /** Mean and spread of f_top(m) = ‖P_m g‖²/‖g‖² of one Gaussian g. */
  readonly fraction: BothLaws<AtBothEnds<GaussianMoments>>;
  /** Mean and spread of overlap(g, Hg) of one Gaussian g. */
  readonly overlap: BothLaws<GaussianMoments>;
  /** g_i² along each known eigenvector, and in all of the rest. */
  readonly energies: { readonly top: readonly EnergyPair[]; readonly rest: EnergyPair } | null;
  /** (‖g‖² outside the top m less the noise predicted there)/‖g‖², of this state alone; null also where it is not known what the top m are. */
  readonly flowShare: number | null;
  /** Of the probes of the space outside the known eigenvectors. */
  readonly standardErrors: BothLaws<number> & { readonly overlap: BothLaws<number>; readonly flowShare: number | null };
}

/**
 * The law of SGD's noise at one θ, without a free parameter. Along the eigenvectors of H the stationary noise has
 *   E g_i² = (η/b) c_iλ_i/(2 − ηλ_i),  times (n−b)/(n−1) where batches are drawn without replacement,
 * and outside the known ones Tr[C f(H)], f that energy for c = 1. Where C ∝ H and ηλ ≪ 1 it is ∝ λ²: the spectrum alone. For mean and spread of one state the rest is a few levels
 * with its Tr H² … Tr H⁵, and its energy ∝ λ² among them. Modes of negative λ, which noise leaves for good, count as those of |λ|.
 *
 * `flowShare` is an estimate from one state: as noisy as the one ‖g‖² it is taken of, and below 0 where there is less energy outside the top than stationary noise
 * would have, as before slow modes have relaxed, or where draws without replacement cancel within an epoch.
 *
 * Throws UsageError where fewer than m + 1 eigenpairs are known. Cost: two double integrals of all levels for each probe, 0.2 s for 10.
 */
export function noiseNull(
  { samples, top, rest }: GradientNoise,
  { spectrum, gradient }: Pick<Snapshot, 'spectrum' | 'gradient'>,
  { subspace: m, steps }: { readonly subspace: number; readonly steps: DrawnSteps },
): NoiseNull {
  const cut = cutAfter(spectrum, m);
  const eigenvalues = [...top.eigenvalues];
  const energyOf = noiseEnergy(steps, samples);
  const isStable = [top.eigenvalues, ...rest.probes.map(({ nodes }) => nodes)].every((part) =>
    part.every((x) => isRelaxing(steps, x)),
  );
  const noise = isStable ? eigenvalues.map((x, i) => energyOf(x, top.covariances[i]!)) : null;
  const noiseOfRest = (part: RestNoise): number => restTrace(part, 'covariances', (x) => energyOf(x, 1));
  const measured = eigenvalues.map((_, i) => spectrum.energy(i, gradient));
  const whole = squaredNorm(gradient);
  const outside = (energies: readonly number[]): number => total(energies.slice(cut.straddling));

  const sharesOf = (part: RestNoise, energies: readonly number[], energy: number) => {
    const levels = noiseLevels({ eigenvalues, top: energies, rest: energy }, part);
    const merged = cutLevels(levels, cut);
    return {
      expected: expectedFraction(merged, m),
      fraction: gaussianFraction(merged, m),
      overlap: gaussianOverlap(levels),
    };
  };
  const at = (part: RestNoise) => ({
    spectrumOnly: sharesOf(
      part,
      eigenvalues.map((x) => x ** 2),
      restTrace(part, 'weights', (x) => x ** 2),
    ),
    stationary: noise && sharesOf(part, noise, noiseOfRest(part)),
    flowShare:
      noise === null || cut.open
        ? null
        : (whole - total(measured) + outside(measured) - outside(noise) - noiseOfRest(part)) / whole,
  });

  const { spectrumOnly, stationary, flowShare } = at(rest);
  const [ofSpectrum, ofStationary, ofOverlap, ofStationaryOverlap, ofShare] = jackknifeErrors(rest, (part) => {
    const laws = at(part);
    return [
      middle(laws.spectrumOnly.expected),
      laws.stationary === null ? 0 : middle(laws.stationary.expected),
      laws.spectrumOnly.overlap.mean,
      laws.stationary?.overlap.mean ?? 0,
      laws.flowShare ?? 0,
    ];
  }) as [number, number, number, number, number];
  return {
    spectrumOnly: spectrumOnly.expected,
    stationary: stationary?.expected ?? null,
    fraction: { spectrumOnly: spectrumOnly.fraction, stationary: stationary?.fraction ?? null },
    overlap: { spectrumOnly: spectrumOnly.overlap, stationary: stationary?.overlap ?? null },
    energies: noise && {
      top: noise.map((predicted, i) => ({ predicted, measured: measured[i]! })),
      rest: { predicted: noiseOfRest(rest), measured: whole - total(measured) },
    },
    flowShare,
    standardErrors: {
      spectrumOnly: ofSpectrum,
      stationary: stationary && ofStationary,
      overlap: { spectrumOnly: ofOverlap, stationary: stationary && ofStationaryOverlap },
      flowShare: flowShare === null ? null : ofShare,
    },
  };
}

/** E g² of the stationary noise along a mode, |λ| for λ. */
export function noiseEnergy(
  { learningRate, batch, momentum = 0, replacement }: DrawnSteps,
  samples: number,
): (eigenvalue: number, covariance: number) => number {
  const drawn = replacement ? 1 : (samples - batch) / (samples - 1);
  return (eigenvalue, covariance) =>
    drawn * stationaryEnergy(Math.abs(eigenvalue), covariance, { learningRate, batch, momentum });
}

/** Whether noise along a mode has a stationary state. */
function isRelaxing({ learningRate, momentum = 0 }: DrawnSteps, eigenvalue: number): boolean {
  return learningRate * Math.abs(eigenvalue) < 2 * (1 + momentum);
}

const middle = ({ lower, upper }: AtBothEnds<number>): number => (lower + upper) / 2;
const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
