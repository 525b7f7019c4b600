import { laws } from '../laws.js';
import type { BrokenLaws } from './broken-laws.js';

/** Without noise, from W(0) = 0: the flow on the symmetric line and its spectrum. */
export const brokenNoiselessLine: BrokenLaws = {
  'λ₂ off by 1 %': {
    broken: {
      symmetricLevels: (point, dim) =>
        laws.symmetricLevels(point, dim).map((l) => (l.sector === 'mini-bulk' ? { ...l, value: 1.01 * l.value } : l)),
    },
    caughtBy: 'symmetric-spectrum',
  },
  'λ₁/λ₂ without the factor 1 − ε': {
    broken: {
      symmetricLevels: (point, dim) =>
        laws
          .symmetricLevels(point, dim)
          .map((l) => (l.sector === 'gradient' ? { ...l, value: point.error / (point.classes - 1) } : l)),
    },
    caughtBy: 'level-ratio',
  },
  'a multiplicity off by one': {
    broken: {
      symmetricLevels: (point, dim) =>
        laws.symmetricLevels(point, dim).map((l) => ({ ...l, multiplicity: l.multiplicity + 1 })),
    },
    caughtBy: 'symmetric-spectrum',
  },
  'a rank that counts one level too few': {
    broken: { exactSnapshot: (state, dim) => laws.exactSnapshot(state, dim, 1) },
    caughtBy: 'rank',
  },
  'a margin off by 1e-10': {
    broken: {
      symmetricPoint: (k, t) => {
        const point = laws.symmetricPoint(k, t);
        return { ...point, margin: point.margin * (1 + 1e-10) };
      },
    },
    caughtBy: 'margin-equation',
  },
  'a rate with k instead of k − 1': {
    broken: { marginRate: (k, alpha) => 1 / (Math.exp(alpha) + k) },
    caughtBy: 'margin-equation',
  },
  'ε by subtraction from 1': {
    broken: {
      symmetricPointAtMargin: (k, alpha) => {
        const p = Math.exp(alpha) / (Math.exp(alpha) + k - 1);
        return { ...laws.symmetricPointAtMargin(k, alpha), error: 1 - p };
      },
    },
    caughtBy: 'loss-and-gradient',
  },
  'a gradient norm without the square root': {
    broken: {
      symmetricPointAtMargin: (k, alpha) => {
        const point = laws.symmetricPointAtMargin(k, alpha);
        return { ...point, gradientNorm: point.error / (k - 1) };
      },
    },
    caughtBy: 'loss-and-gradient',
  },
  'a stability limit of 4(k−1)': {
    broken: { stabilityLimit: (k) => laws.stabilityLimit(k) / 2 },
    caughtBy: 'gradient-descent-on-the-line',
  },
  'descent with another step': {
    broken: { gradientDescentMargins: (k, eta, steps) => laws.gradientDescentMargins(k, eta * 1.001, steps) },
    caughtBy: 'gradient-descent-on-the-line',
  },
  'an overlap of g with g': {
    broken: { gradientHessianOverlap: () => 0.9 },
    caughtBy: 'gradient-is-eigenvector',
  },
};
