import { describe, expect, it } from 'vitest';
import type { NoisyLevel, NoisyPoint } from '../../src/exact/noisy/index.js';
import { laws, theorems, verify, type Laws } from '../../theory/index.js';

const scaled = (x: Float64Array, factor: number): Float64Array => x.map((value) => value * factor);

/** Exact snapshots whose Hessian products y = (Hx)_i are replaced by f(y, x_i). */
const withHessian = (f: (y: number, x: number) => number): Partial<Laws> => ({
  exactSnapshot: (state, dim, top) => {
    const snapshot = laws.exactSnapshot(state, dim, top);
    const { hessian } = snapshot;
    const apply = (block: Float64Array, columns: number) =>
      hessian.apply(block, columns).map((y, i) => f(y, block[i]!));
    return { ...snapshot, hessian: { ...hessian, apply } };
  },
});

/** noisyLevels with its levels changed one by one. */
const withNoisyLevels = (f: (level: NoisyLevel, point: NoisyPoint) => NoisyLevel): Partial<Laws> => ({
  noisyLevels: (point, digits) => {
    const spectrum = laws.noisyLevels(point, digits);
    const levels = spectrum.levels.map((level) => f(level, point)).sort((x, y) => y.ratio - x.ratio);
    return { ...spectrum, levels };
  },
});
const larger = (level: NoisyLevel, factor: number): NoisyLevel => ({
  ...level,
  value: factor * level.value,
  ratio: factor * level.ratio,
});

/** A broken library each, and a theorem that must notice. */
const mutations: Record<string, { broken: Partial<Laws>; caughtBy: string }> = {
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
  'a spectrum with one eigenvalue missing': {
    broken: {
      exactEigenpairs: function* (state) {
        yield* [...laws.exactEigenpairs(state)].slice(1);
      },
    },
    caughtBy: 'spectrum-from-any-start',
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
  'a clock that forgets the integral’s last term': {
    broken: { clockTime: (logQ, logS) => laws.clockTime(logQ, logS) * (1 - 1e-9) },
    caughtBy: 'clock-integral',
  },
  'a flow whose time runs 1e-9 fast': {
    broken: { exactFlow: (k, initial) => ({ at: (t) => laws.exactFlow(k, initial).at(t * (1 + 1e-9)) }) },
    caughtBy: 'logits-solve-the-flow',
  },
  'a flow twice as fast': {
    broken: { exactFlow: (k, initial) => ({ at: (t) => laws.exactFlow(k, initial).at(Math.min(1e12, 2 * t)) }) },
    caughtBy: 'decay-of-deviations',
  },
  'a loss off by 1 %': {
    broken: {
      exactFlow: (k, initial) => ({
        at: (t) => {
          const state = laws.exactFlow(k, initial).at(t);
          return { ...state, loss: 1.01 * state.loss };
        },
      }),
    },
    caughtBy: 'loss-falls',
  },
  'a Hessian off by 1 %': {
    broken: withHessian((y) => 1.01 * y),
    caughtBy: 'positive-semidefinite',
  },
  'a Hessian that sees the gauge': {
    broken: withHessian((y, x) => y + 1e-9 * x),
    caughtBy: 'gauge-null-space',
  },
  'Eq. (8) twice too large': {
    broken: { lateTimeHessian: (t) => scaled(laws.lateTimeHessian(t), 2) },
    caughtBy: 'equation-8',
  },
  'Eq. (6) without the half': {
    broken: { lateTimeWeights: (t, initial) => scaled(laws.lateTimeWeights(t, initial), 2) },
    caughtBy: 'equation-6',
  },
  'the corrected Eq. (7) with the printed factor': {
    broken: { lateTimeGradient: (t) => laws.printedGradient(t) },
    caughtBy: 'equation-7-corrected',
  },
  'the printed Eq. (7) with the corrected factor': {
    broken: { printedGradient: (t) => laws.lateTimeGradient(t) },
    caughtBy: 'equation-7-as-printed',
  },
  'biases that do not split': {
    broken: { biasLevels: (point, dim) => laws.symmetricLevels(point, dim) },
    caughtBy: 'bias-splitting',
  },
  'a gradient aligned with the larger member': {
    broken: {
      biasSnapshot: (k, dim, t) => ({
        ...laws.biasSnapshot(k, dim, t),
        gradient: laws
          .biasSnapshot(k, dim, t)
          .spectrum.basis(0)
          .slice(0, k * (k + 1)),
      }),
    },
    caughtBy: 'bias-splitting',
  },
  'a stability limit of 4(k−1)': {
    broken: { stabilityLimit: (k) => laws.stabilityLimit(k) / 2 },
    caughtBy: 'gradient-descent-on-the-line',
  },
  'descent with another step': {
    broken: { gradientDescentMargins: (k, eta, steps) => laws.gradientDescentMargins(k, eta * 1.001, steps) },
    caughtBy: 'gradient-descent-on-the-line',
  },
  'f_top as one number at a degenerate cut': {
    broken: {
      topFraction: (snapshot, m) => {
        const { lower, upper, ...rest } = laws.topFraction(snapshot, m);
        return { ...rest, lower: (lower + upper) / 2, upper: (lower + upper) / 2 };
      },
    },
    caughtBy: 'top-k-undefined-at-start',
  },
  'f_top that ignores what is above the cut': {
    broken: { topFraction: (snapshot, m) => ({ ...laws.topFraction(snapshot, m), lower: 0 }) },
    caughtBy: 'top-fraction-interval',
  },
  'f_top that is 1 − 1e-6 too small late': {
    broken: {
      topFraction: (snapshot, m) => ({
        ...laws.topFraction(snapshot, m),
        lower: laws.topFraction(snapshot, m).lower * (1 - 1e-6),
      }),
    },
    caughtBy: 'collapse-rate',
  },
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
  'an overlap of g with g': {
    broken: { gradientHessianOverlap: () => 0.9 },
    caughtBy: 'gradient-is-eigenvector',
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
  'moments 1e-9 too large': {
    broken: {
      softmaxMoment: (point, factors) => {
        const moment = laws.softmaxMoment(point, factors);
        return { ...moment, value: moment.value * (1 + 1e-9) };
      },
    },
    caughtBy: 'moment-identities',
  },
  'an error 1e-6 too large': {
    broken: {
      marginPoint: (point) => {
        const scalars = laws.marginPoint(point);
        return { ...scalars, error: scalars.error * (1 + 1e-6) };
      },
    },
    caughtBy: 'nishimori-identity',
  },
  'a noisy flow 1e-6 fast': {
    broken: {
      marginClock: (model, until) => {
        const clock = laws.marginClock(model, until === undefined ? until : 2 * until);
        return { ...clock, marginAt: (t) => clock.marginAt(t * (1 + 1e-6)) };
      },
    },
    caughtBy: 'noisy-flow',
  },
  'a bulk of (k−1) d': {
    broken: withNoisyLevels((level, { classes: k, dim }) =>
      level.sector === 'bulk' ? { ...level, multiplicity: (k - 1) * dim } : level,
    ),
    caughtBy: 'seven-levels',
  },
  'a broken 2×2 block': {
    broken: withNoisyLevels((level) => (level.sector === 'standard+' ? larger(level, 1 + 1e-4) : level)),
    caughtBy: 'noisy-spectrum',
  },
  'a symmetric and an antisymmetric multiplicity exchanged': {
    broken: withNoisyLevels((level, { classes: k }) =>
      level.sector === 'antisymmetric' ? { ...level, multiplicity: (k * (k - 3)) / 2 } : level,
    ),
    caughtBy: 'seven-levels',
  },
  'a limit off by a constant': {
    broken: withNoisyLevels((level) => (level.sector === 'trivial' ? larger(level, 1.001) : level)),
    caughtBy: 'zero-noise-limit',
  },
  'a trivial level that stays above the symmetric one': {
    broken: withNoisyLevels((level) => (level.sector === 'trivial' ? larger(level, 1.5) : level)),
    caughtBy: 'trivial-level-ends-smallest',
  },
  'a simplex whose mean feature couples': {
    broken: withNoisyLevels((level) => (level.sector === 'standard-' ? larger(level, 1 + 1e-9) : level)),
    caughtBy: 'simplex-means',
  },
  'levels shifted by 3σ² instead of 2σ²': {
    broken: withNoisyLevels((level, { noise }) => ({ ...level, ratio: level.ratio + noise ** 2 / 2 })),
    caughtBy: 'small-noise-levels',
  },
  'a law of (1 − 1/k)/2': {
    broken: { smallNoiseLaw: (k) => (1 - 1 / k) / 2 },
    caughtBy: 'small-noise-law',
  },
  'a crossing with a power correction': {
    broken: {
      firstCrossing: (k, noise, rho) => {
        const crossing = laws.firstCrossing(k, noise, rho);
        return { ...crossing, relativeMargin: crossing.relativeMargin + 1e-3 * noise ** 4 };
      },
    },
    caughtBy: 'small-noise-law',
  },
  'a boundary that forgets ρ': {
    broken: { firstCrossing: (k, noise) => laws.firstCrossing(k, noise) },
    caughtBy: 'boundary-independent-of-rho',
  },
  'a standard level that crosses first for close means': {
    broken: withNoisyLevels((level, { correlation = 0 }) =>
      level.sector === 'standard-' && correlation > 0.5 ? larger(level, 1.5) : level,
    ),
    caughtBy: 'boundary-independent-of-rho',
  },
  'f_top that follows the proxy': {
    broken: { topFraction: (snapshot, m) => ({ ...laws.topFraction(snapshot, m), lower: 1, upper: 1 }) },
    caughtBy: 'overlap-blind-to-the-boundary',
  },
  'eigenvectors that do not turn': {
    broken: {
      linearResponse: (model, times) =>
        laws.linearResponse(model, times).map((state) => ({
          ...state,
          modes: state.modes.map((mode) => ({ ...mode, turned: mode.plain })),
        })),
    },
    caughtBy: 'linear-response-of-f-top',
  },
  'deviations half as large again': {
    broken: { collapse: (model, options) => laws.collapse(model, { ...options, delta: 1.5 * options.delta }) },
    caughtBy: 'collapse-statistics',
  },
  'every level twice too large at large noise': {
    broken: withNoisyLevels((level, { noise }) => (noise > 1 ? larger(level, 2) : level)),
    caughtBy: 'finite-noise-levels',
  },
  'a loss 1 % too large for many classes': {
    broken: {
      marginPoint: (point) => {
        const scalars = laws.marginPoint(point);
        return { ...scalars, loss: (point.classes >= 5 ? 1.01 : 1) * scalars.loss };
      },
    },
    caughtBy: 'finite-noise-scalars',
  },
  'a boundary 10 % late': {
    broken: {
      boundary: (k, noise, rho) => {
        const found = laws.boundary(k, noise, rho);
        return { ...found, margin: 1.1 * found.margin, relativeMargin: 1.1 * found.relativeMargin };
      },
    },
    caughtBy: 'boundary',
  },
  'a map upside down': {
    broken: {
      phaseDiagram: function* (options) {
        for (const row of laws.phaseDiagram(options)) {
          const points = row.points.map((point) => ({
            ...point,
            topFraction: { lower: 1 - point.topFraction.upper, upper: 1 - point.topFraction.lower },
          }));
          yield { ...row, points };
        }
      },
    },
    caughtBy: 'phase-diagram',
  },
  'an antisymmetric sector that decays like the bulk': {
    broken: {
      linearResponse: (model, times) =>
        laws
          .linearResponse(model, times)
          .map((state) => ({ ...state, decay: { ...state.decay, antisymmetric: state.decay.bulk } })),
    },
    caughtBy: 'sector-response',
  },
  'levels without error bars': {
    broken: {
      symmetricSnapshot: (k, dim, t) => {
        const snapshot = laws.symmetricSnapshot(k, dim, t);
        const levels = snapshot.spectrum.levels.map((level) => ({ ...level, error: 0 }));
        return { ...snapshot, spectrum: { ...snapshot.spectrum, levels } };
      },
    },
    caughtBy: 'symmetric-snapshots',
  },
  'a snapshot with the gradient of −loss': {
    broken: {
      exactSnapshot: (state, dim, top) => {
        const snapshot = laws.exactSnapshot(state, dim, top);
        return { ...snapshot, gradient: scaled(snapshot.gradient, -1) };
      },
    },
    caughtBy: 'snapshots-from-any-start',
  },
  'symmetric and antisymmetric parts exchanged': {
    broken: {
      splitSectors: (k, X) => {
        const parts = laws.splitSectors(k, X);
        return { ...parts, symmetric: parts.antisymmetric, antisymmetric: parts.symmetric };
      },
    },
    caughtBy: 'noisy-snapshots',
  },
  'a χ without its root': {
    broken: { dominance: (spectrum, v, m) => laws.energyFraction(spectrum, v, m, 'v') },
    caughtBy: 'eigenspace-shares',
  },
  'a rank that is the number of levels': {
    broken: { effectiveRank: ({ levels }) => levels.length },
    caughtBy: 'spectral-dimensions',
  },
  'a population without priors': {
    broken: {
      populationPoint: (model, weights, quadrature) =>
        laws.populationPoint({ ...model, priors: model.priors.map(() => 1 / model.classes) }, weights, quadrature),
    },
    caughtBy: 'population-of-a-mixture',
  },
  'sectors under other names': {
    broken: { sectorName: (sector) => (sector === 'gauge' ? 'gauge' : laws.sectorName(sector)) },
    caughtBy: 'zero-noise-limit',
  },
  'a boundary that is reached 1 % late': {
    broken: { flowLogTime: (model, margin) => laws.flowLogTime(model, margin) + 0.01 },
    caughtBy: 'boundary',
  },
  'a mini-bulk that does not turn without noise': {
    broken: {
      noiselessResponse: (k, dim, times) =>
        laws.noiselessResponse(k, dim, times).map((state) => ({
          ...state,
          modes: state.modes.map((mode) => ({ ...mode, turned: mode.plain })),
        })),
    },
    caughtBy: 'sector-response',
  },
  'weights of another scale': {
    broken: { randomWeights: (k, scale, seed) => scaled(laws.randomWeights(k, scale, seed), 1.02) },
    caughtBy: 'initial-weights',
  },
};

describe('verify', () => {
  const document = verify();

  it.each(document.theorems.map((theorem) => [theorem.id, theorem] as const))(
    '%s has its expected verdict',
    (_, theorem) => {
      expect(theorem.evidence).not.toBe('');
      expect(`${theorem.verdict}: ${theorem.evidence}`).toContain(theorem.expected);
      expect(theorem.ok).toBe(true);
    },
  );

  it('has unique identifiers and refutes four statements', () => {
    expect(new Set(theorems.map((theorem) => theorem.id)).size).toBe(theorems.length);
    expect(document.theorems.filter((theorem) => theorem.verdict === 'refuted')).toHaveLength(4);
  });

  it.each(Object.entries(mutations))('notices %s', (_, { broken, caughtBy }) => {
    const theorem = theorems.filter(({ id }) => id === caughtBy);
    expect(theorem).toHaveLength(1);
    expect(verify({ ...laws, ...broken }, theorem).ok).toBe(false);
  });

  it('has a mutation for every theorem', () => {
    const killed = new Set(Object.values(mutations).map((mutation) => mutation.caughtBy));
    expect(theorems.map((theorem) => theorem.id).filter((id) => !killed.has(id))).toEqual([]);
  });

  it('counts a check that throws as not ok, also where a refutation is expected', () => {
    const broken = {
      printedGradient: (): never => {
        throw new Error('boom');
      },
    };
    const { theorems: verified, ok } = verify({ ...laws, ...broken });
    expect(ok).toBe(false);
    expect(verified.find((theorem) => theorem.id === 'equation-7-as-printed')?.evidence).toBe('the check failed: boom');
  });
});
