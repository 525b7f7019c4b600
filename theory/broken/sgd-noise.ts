import { laws, type Laws } from '../laws.js';
import { rescaled, type BrokenLaws } from './broken-laws.js';

type NoisyPoint = Parameters<Laws['gradientCovariance']>[0];
type CovarianceLevel = ReturnType<Laws['gradientCovariance']>['levels'][number];

const withCovariances = (
  factorOf: (level: CovarianceLevel, point: NoisyPoint) => number,
): BrokenLaws[string]['broken'] => ({
  gradientCovariance: (point) => {
    const found = laws.gradientCovariance(point);
    const levels = found.levels.map((level) => {
      const factor = factorOf(level, point);
      return { ...level, covariance: factor * level.covariance, ratio: factor * level.ratio };
    });
    return { ...found, levels };
  },
});

/** The noise of SGD in a quadratic neighbourhood. */
export const brokenSgdNoise: BrokenLaws = {
  'a heavy ball with the noise of η/(1−μ) alone': {
    broken: {
      stationaryVariance: (lambda, c, rule) => {
        if (!('momentum' in rule)) return laws.stationaryVariance(lambda, c, rule);
        const { learningRate, batch, momentum = 0 } = rule;
        return laws.stationaryVariance(lambda, c, { learningRate: learningRate / (1 - momentum), batch });
      },
    },
    caughtBy: 'stationary-variance',
  },
  'SGD that is stationary where it diverges': {
    broken: {
      stationaryEnergy: (lambda, c, rule) => {
        try {
          return laws.stationaryEnergy(lambda, c, rule);
        } catch {
          return 1;
        }
      },
    },
    caughtBy: 'stationary-variance',
  },
  'a variance 1e-6 too large': {
    broken: { stationaryVariance: (lambda, c, rule) => (1 + 1e-6) * laws.stationaryVariance(lambda, c, rule) },
    caughtBy: 'modes-decouple',
  },
  'a quench that takes twice as long': {
    broken: {
      varianceAfter: (steps, start, lambda, c, rule) => laws.varianceAfter(steps / 2, start, lambda, c, rule),
    },
    caughtBy: 'transient-variance',
  },
  'a shuffle without the finite population': {
    broken: {
      shuffledVariance: (lambda, c, rule) => {
        const { start, mean } = laws.shuffledVariance(lambda, c, rule);
        const factor = (rule.samples - 1) / Math.max(1, rule.samples - rule.batch);
        return { start: factor * start, mean: factor * mean };
      },
    },
    caughtBy: 'shuffled-variance',
  },
  'updates that are white however fast a mode relaxes': {
    broken: {
      updateCovariance: (lambda, c, rule, window) => {
        const found = laws.updateCovariance(lambda, c, rule, window);
        return found.map((x, i) => (i % (window.updates + 1) === 0 ? x : 0));
      },
    },
    caughtBy: 'update-covariance',
  },
  'energies that forget 2 − ηλ': {
    broken: {
      stationaryEnergy: (lambda, c, rule) =>
        'batch' in rule ? (rule.learningRate * c * lambda) / (2 * rule.batch) : laws.stationaryEnergy(lambda, c, rule),
    },
    caughtBy: 'noise-law',
  },
  'an overlap of the mean energies instead of the mean overlap': {
    broken: {
      gaussianOverlap: (levels) => {
        const moment = (p: number): number =>
          levels.reduce(
            (sum, { multiplicity, variance, flow = 0, eigenvalue }) =>
              sum + (multiplicity * variance + flow) * eigenvalue ** p,
            0,
          );
        return { ...laws.gaussianOverlap(levels), mean: moment(1) / Math.sqrt(moment(0) * moment(2)) };
      },
    },
    caughtBy: 'gaussian-shares',
  },
  'a covariance that keeps the mean gradient': {
    broken: withCovariances(({ level, covariance }, point) => {
      if (level.sector !== 'trivial') return 1;
      return (covariance + laws.marginPoint(point).gradientNorm ** 2) / covariance;
    }),
    caughtBy: 'gradient-covariance',
  },
  'a covariance that is the Hessian everywhere': {
    broken: withCovariances(({ level, covariance }) => (covariance === 0 ? 1 : level.value / covariance)),
    caughtBy: 'covariance-is-hessian-at-the-optimum',
  },
  'a symmetric sector 1e-9 off for many classes': {
    broken: withCovariances(({ level }, { classes }) =>
      level.sector === 'symmetric' && classes >= 1000 ? 1 + 1e-9 : 1,
    ),
    caughtBy: 'covariance-is-hessian-at-the-optimum',
  },
  'noise along the gradient without feature noise': {
    broken: {
      noiselessSgdNoise: (point, rule, path) => {
        const found = laws.noiselessSgdNoise(point, rule, path);
        const { flow, noise } = found.gradientEnergy;
        return { ...found, gradientEnergy: { flow, noise: (noise * point.classes) / (point.classes - 1) } };
      },
    },
    caughtBy: 'noiseless-covariance',
  },
  'class gradients that cancel at every margin': {
    broken: {
      classCosine: (point) => {
        const { squaredNorm } = laws.classCosine(point);
        const cosine = -1 / (point.classes - 1);
        return { squaredNorm, product: cosine * squaredNorm, cosine };
      },
    },
    caughtBy: 'class-gradients-cancel',
  },
  'a cut level counted in proportion': {
    broken: {
      stationaryNoise: (point, rule, m) => {
        const found = laws.stationaryNoise(point, rule, m);
        const { lower, upper, stationary } = found.topFraction;
        const middle = (lower + upper) / 2;
        return { ...found, topFraction: { lower: middle, upper: middle, stationary } };
      },
    },
    caughtBy: 'stationary-noise',
  },
  'noise that is relaxed at all times': {
    broken: {
      noiseAlongFlow: (model, rule, times, m) =>
        laws.noiseAlongFlow(model, rule, times, m).map((state) => ({
          ...state,
          ...laws.stationaryNoise({ ...model, margin: state.margin }, rule, m),
        })),
    },
    caughtBy: 'noise-along-the-flow',
  },
  'steps whose noise forgets η²': {
    broken: {
      noiseOfSteps: (model, rule, steps, m) =>
        laws.noiseOfSteps(model, 'batch' in rule ? { ...rule, batch: rule.batch * 1.01 } : rule, steps, m),
    },
    caughtBy: 'noise-along-the-flow',
  },
  'a takeover at the boundary': {
    broken: {
      noiseTakeover: (model, rule, path) => {
        const found = laws.noiseTakeover(model, rule, path);
        return { ...found, ...found.boundary };
      },
    },
    caughtBy: 'noise-takeover',
  },
  'a path at half the noise': {
    broken: {
      noisePath: (model, until, tolerance) => {
        const path = laws.noisePath(model, until, tolerance);
        const at: typeof path.at = (margin) => {
          const { sectors, error } = path.at(margin);
          const { size, entries } = sectors.bulk;
          return { error, sectors: { ...sectors, bulk: { size, entries: rescaled(entries, 0.5) } } };
        };
        return { ...path, at };
      },
    },
    caughtBy: 'noise-takeover',
  },
  'f_top of the flow alone': {
    broken: {
      stationaryNoise: (point, rule, m) => {
        const found = laws.stationaryNoise(point, rule, m);
        return { ...found, topFraction: { ...found.topFraction, lower: 0, upper: 0 } };
      },
    },
    caughtBy: 'false-f-top-implies-training-on-top',
  },
};
