import type { Cut } from '../../observe/multiplet.js';
import type { GradientLevel } from '../../sgd-noise/index.js';
import { gaussRule } from './gauss-rule.js';
import type { RestNoise } from './gradient-noise.js';
import { restTrace } from './rest-traces.js';

/** Energies of the noise along known eigenvectors, and in all of the rest. */
export interface NoiseEnergies {
  readonly eigenvalues: readonly number[];
  readonly top: readonly number[];
  readonly rest: number;
}

/** Levels that stand for the space outside the top. */
const standIns = 3;

/**
 * The noise as Gaussian levels: the known eigenvectors, and for the rest a few levels with its Tr H² … Tr H⁵, among which its energy is spread ∝ λ²; none where
 * the probes' estimate of it is negative.
 */
export function noiseLevels({ eigenvalues, top, rest: energy }: NoiseEnergies, rest: RestNoise): GradientLevel[] {
  const squared = restTrace(rest, 'weights', (x) => x ** 2);
  const nodes = Float64Array.from(rest.probes.flatMap((probe) => [...probe.nodes]));
  const weights = Float64Array.from(
    rest.probes.flatMap((probe) => [...probe.weights]),
    (weight, i) => (weight * nodes[i]! ** 2) / rest.probes.length,
  );
  const rule = gaussRule({ nodes, weights }, standIns);
  return [
    ...eigenvalues.map((eigenvalue, i) => ({ eigenvalue, multiplicity: 1, variance: top[i]! })),
    ...Array.from(rule.nodes, (eigenvalue, l) => ({
      eigenvalue,
      multiplicity: rule.weights[l]! / eigenvalue ** 2,
      variance: (Math.max(0, energy) / squared) * eigenvalue ** 2,
    })),
  ];
}

/** The same with the multiplet that a cut goes through as one level; with all below where it may go on there. */
export function cutLevels(levels: readonly GradientLevel[], { above, straddling, open }: Cut): GradientLevel[] {
  const end = open ? levels.length : straddling;
  const inside = levels.slice(above, end);
  if (inside.length === 0) return [...levels];
  const multiplicity = inside.reduce((sum, level) => sum + level.multiplicity, 0);
  const energy = inside.reduce((sum, level) => sum + level.multiplicity * level.variance, 0);
  const merged = { eigenvalue: inside[0]!.eigenvalue, multiplicity, variance: energy / multiplicity };
  return [...levels.slice(0, above), merged, ...levels.slice(end)];
}
