import { cutAfter } from '../../observe/multiplet.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { squaredNorm } from '../../observe/squared-norm.js';
import { expectedFraction, gaussianFraction, gaussianOverlap, type GaussianMoments } from '../../sgd-noise/index.js';
import { drawnLaws, type DrawnLaw, type DrawnSteps } from './drawn-laws.js';
import type { GradientNoise, RestNoise } from './gradient-noise.js';
import { cutLevels, noiseLevels } from './noise-levels.js';
import { jackknifeErrors, restTrace } from './rest-traces.js';

/** Of each law of the noise. Null where there is none: at rest for ηλ ≥ 2(1+μ); shuffled also with momentum, and where batches are drawn with replacement. */
export interface NoiseLaws<T> {
  /** E g_i² ∝ λ_i². */
  readonly spectrumOnly: T;
  /** E g_i² = (η/b) c_iλ_i/(2 − ηλ_i). */
  readonly stationary: T | null;
  /** The same where the noises of an epoch add up to zero: slow modes have less. */
  readonly shuffled: T | null;
}

/** Over all choices of m top eigenvectors. */
export interface AtBothEnds<T> {
  readonly lower: T;
  readonly upper: T;
}

/** An energy of the gradient: as it was found, and of the noise. */
export interface NoiseEnergy {
  readonly measured: number;
  readonly stationary: number;
  readonly shuffled: number | null;
}

/** The noise of SGD as a null hypothesis for f_top(m) and overlap(g, Hg): Σ_{i≤m} E g_i²/E‖g‖² of each law. */
export interface NoiseNull extends NoiseLaws<AtBothEnds<number>> {
  /** Mean and spread of f_top(m) = ‖P_m g‖²/‖g‖² of one Gaussian g. */
  readonly fraction: NoiseLaws<AtBothEnds<GaussianMoments>>;
  /** Mean and spread of overlap(g, Hg) of one Gaussian g. */
  readonly overlap: NoiseLaws<GaussianMoments>;
  /** g_i² along each known eigenvector, and in all of the rest. */
  readonly energies: { readonly top: readonly NoiseEnergy[]; readonly rest: NoiseEnergy } | null;
  /** (‖g‖² outside the top m less the noise there)/‖g‖², of this state alone, the noise shuffled where it is; null also where it is not known what the top m are. */
  readonly flowShare: number | null;
  /** Of the probes of the space outside the known eigenvectors. */
  readonly standardErrors: NoiseLaws<number> & {
    readonly overlap: NoiseLaws<number>;
    readonly flowShare: number | null;
  };
}

/**
 * The law of SGD's noise at one θ, without a free parameter: energies along the known eigenvectors from their λ_i and c_i, outside these Tr[C f(H)] (`drawnLaws`). Where C ∝ H and
 * ηλ ≪ 1 they are ∝ λ²: the spectrum alone. For mean and spread of one state the rest is a few levels with its Tr H² … Tr H⁵, and its energy ∝ λ² among them.
 *
 * `flowShare` is an estimate from one state: as noisy as the one ‖g‖² it is taken of, and below 0 where there is less energy outside the top than noise at rest would
 * have, as before slow modes have relaxed.
 *
 * Throws UsageError where fewer than m + 1 eigenpairs are known. Cost: three double integrals of all levels for each probe, 0.3 s for 10.
 */
export function noiseNull(
  { samples, top, rest }: GradientNoise,
  { spectrum, gradient }: Pick<Snapshot, 'spectrum' | 'gradient'>,
  { subspace: m, steps }: { readonly subspace: number; readonly steps: DrawnSteps },
): NoiseNull {
  const cut = cutAfter(spectrum, m);
  const eigenvalues = [...top.eigenvalues];
  const nodes = [eigenvalues, ...rest.probes.map((probe) => [...probe.nodes])].flat();
  const { stationary, shuffled } = drawnLaws(steps, samples, nodes);
  const topOf = (law: DrawnLaw): number[] => eigenvalues.map((x, i) => law(x, top.covariances[i]!));
  const restOf = (law: DrawnLaw, part: RestNoise): number => restTrace(part, 'covariances', (x) => law(x, 1));
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
  const at = (part: RestNoise) => {
    const ofLaw = (law: DrawnLaw | null) => law && sharesOf(part, topOf(law), restOf(law, part));
    const squares = eigenvalues.map((x) => x ** 2);
    const drawn = shuffled ?? stationary;
    return {
      shares: {
        spectrumOnly: sharesOf(
          part,
          squares,
          restTrace(part, 'weights', (x) => x ** 2),
        ),
        stationary: ofLaw(stationary),
        shuffled: ofLaw(shuffled),
      },
      flowShare:
        drawn === null || cut.open
          ? null
          : (whole - total(measured) + outside(measured) - outside(topOf(drawn)) - restOf(drawn, part)) / whole,
    };
  };

  const { shares, flowShare } = at(rest);
  const expected = each(shares, (of) => of.expected);
  const overlap = each(shares, (of) => of.overlap);
  const errors = jackknifeErrors(rest, (part) => {
    const { shares: laws, flowShare: share } = at(part);
    const values = [laws.spectrumOnly, laws.stationary, laws.shuffled];
    return [
      ...values.map((of) => (of === null ? 0 : middle(of.expected))),
      ...values.map((of) => (of === null ? 0 : of.overlap.mean)),
      share ?? 0,
    ];
  });
  const errorsOf = (from: number): NoiseLaws<number> => {
    const [spectrumOnly, atRest, inEpochs] = errors.slice(from) as [number, number, number];
    return { spectrumOnly, stationary: stationary && atRest, shuffled: shuffled && inEpochs };
  };
  return {
    ...expected,
    fraction: each(shares, (of) => of.fraction),
    overlap,
    energies: stationary && {
      top: topOf(stationary).map((energy, i) => ({
        measured: measured[i]!,
        stationary: energy,
        shuffled: shuffled?.(eigenvalues[i]!, top.covariances[i]!) ?? null,
      })),
      rest: {
        measured: whole - total(measured),
        stationary: restOf(stationary, rest),
        shuffled: shuffled && restOf(shuffled, rest),
      },
    },
    flowShare,
    standardErrors: { ...errorsOf(0), overlap: errorsOf(3), flowShare: flowShare === null ? null : errors[6]! },
  };
}

/** A function of what each law has. */
function each<A, B>({ spectrumOnly, stationary, shuffled }: NoiseLaws<A>, of: (value: A) => B): NoiseLaws<B> {
  return {
    spectrumOnly: of(spectrumOnly),
    stationary: stationary === null ? null : of(stationary),
    shuffled: shuffled === null ? null : of(shuffled),
  };
}

const middle = ({ lower, upper }: AtBothEnds<number>): number => (lower + upper) / 2;
const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
