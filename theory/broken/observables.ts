import { laws } from '../laws.js';
import type { BrokenLaws } from './broken-laws.js';

/** Observables of snapshots, and what a random direction has of them. */
export const brokenObservables: BrokenLaws = {
  'a null of (m + 1)/dim': {
    broken: { randomFractionNull: (m, dim) => (m + 1) / dim },
    caughtBy: 'null-of-f-top',
  },
  'an overlap null that is always √(3/4)': {
    broken: { linearSpectrumOverlapNull: () => Math.sqrt(0.75) },
    caughtBy: 'null-of-overlap',
  },
  'an overlap that is always 1': {
    broken: { gradientHessianOverlap: () => 1 },
    caughtBy: 'null-of-overlap',
  },
  'subspaces that always agree': {
    broken: { subspaceOverlap: () => ({ lower: 1, upper: 1, gap: 1 }) },
    caughtBy: 'false-subspace-preserved-at-start',
  },
  'a proxy that implies f_top': {
    broken: { topFraction: (snapshot, m) => ({ ...laws.topFraction(snapshot, m), upper: 1 }) },
    caughtBy: 'false-overlap-implies-f-top',
  },
  'a spectrum of rank k': {
    broken: {
      symmetricLevels: (point, dim) => laws.symmetricLevels(point, dim).filter((l) => l.sector !== 'mini-bulk'),
    },
    caughtBy: 'false-rank-is-k',
  },
  'a χ without its root': {
    broken: { dominance: (spectrum, v, m) => laws.energyFraction(spectrum, v, m, 'v') },
    caughtBy: 'eigenspace-shares',
  },
  'a rank that is the number of levels': {
    broken: { effectiveRank: ({ levels }) => levels.length },
    caughtBy: 'spectral-dimensions',
  },
  'a gap of singular values instead of their squares': {
    broken: {
      spectralEdge: (gram, w) => {
        const edge = laws.spectralEdge(gram, w);
        return { ...edge, gaps: edge.singularValues.slice(1).map((next, j) => edge.singularValues[j]! - next) };
      },
    },
    caughtBy: 'spectral-dimensions',
  },
};
