import { lineBlocks, type LineBlocks } from '../simulate/line-blocks.js';
import { noiseAlong } from '../simulate/noise-recursion.js';
import { predictedRecord } from '../simulate/predicted-run.js';
import type { GradientParts } from './gradient-sectors.js';
import type { SgdNoiseSettings } from './sgd-noise-settings.js';

/** What is expected of the runs, to leading order in η/b. */
export interface SgdNoiseValues {
  /** At each of the steps; 0 for parts that there are not. */
  readonly parts: readonly GradientParts[];
  /** E‖P_k g‖²/E‖g‖² at the last step: an interval where k cuts a level. */
  readonly topFraction: { readonly lower: number; readonly upper: number };
  readonly overlap: number;
}

/** A theory that is off: C over its true value, η/b over its true value, and whether C is H. */
export interface WrongNoise {
  readonly name: string;
  readonly covariance?: number;
  readonly bulk?: number;
  readonly ratio?: number;
  readonly isHessian?: true;
}

/** The exact noise from W(0) = αB, of the model or of one that is off. Cost: a second for a model's first, then less. */
export function sgdNoiseValues(
  model: { readonly classes: number; readonly dim: number; readonly noise: number },
  margin: number,
  { learningRate, batch, steps }: SgdNoiseSettings,
  line: LineBlocks = lineBlocks(model),
  wrong?: WrongNoise,
): SgdNoiseValues {
  const config = {
    ...{ ...model, margin, learningRate, steps, batch: batch / (wrong?.ratio ?? 1) },
    ...({ method: 'sgd', refresh: 1, linearised: false } as const),
  };
  const theory = wrong === undefined ? line : offBy(line, wrong);
  const states = noiseAlong(config, theory);
  const records = states.map((state) => predictedRecord(config, theory, state));
  const parts = states.map(({ blocks, excursions }, i): GradientParts => {
    const { sectors } = records[i]!;
    const at = blocks.findIndex(({ name }) => name === 'standard');
    const { size, hessian, multiplicity } = blocks[at]!;
    const copy = (row: number): number => {
      const h = hessian.slice(row * size, (row + 1) * size);
      return (
        multiplicity *
        h.reduce((sum, x, l) => sum + h.reduce((inner, y, m) => inner + x * y * excursions[at]![l * size + m]!, 0), 0)
      );
    };
    return {
      'along B': sectors.trivial,
      means: copy(0),
      differences: size > 1 ? copy(1) : 0,
      symmetric: sectors.symmetric,
      antisymmetric: sectors.antisymmetric,
      bulk: sectors.bulk,
    };
  });
  const { top, gradient, overlap } = records.at(-1)!;
  return { parts, topFraction: { lower: top.lower / gradient, upper: top.upper / gradient }, overlap };
}

function offBy({ at, rateAt }: LineBlocks, { covariance = 1, bulk = 1, isHessian }: WrongNoise): LineBlocks {
  return {
    rateAt,
    at: (margin) =>
      at(margin).map((block) => {
        const factor = covariance * (block.name === 'bulk' ? bulk : 1);
        const of = isHessian === true ? block.hessian : block.covariance;
        return { ...block, covariance: of.map((c) => factor * c) };
      }),
  };
}

/** The theories that must be rejected. From the Bayes classifier C = H is right, and no wrong theory. */
export function wrongNoises({ wrongBy }: SgdNoiseSettings, isBayes: boolean): WrongNoise[] {
  const off = (name: string, of: (factor: number) => Omit<WrongNoise, 'name'>, by = wrongBy): WrongNoise[] =>
    [1 + by, 1 - by].map((factor) => ({ name: `${name} × ${Number(factor.toPrecision(6))}`, ...of(factor) }));
  return [
    ...off('C', (covariance) => ({ covariance })),
    ...off('η/b', (ratio) => ({ ratio })),
    ...off('C of the bulk', (bulk) => ({ bulk }), 2 * wrongBy),
    ...(isBayes ? [] : [{ name: 'C = H', isHessian: true } as const]),
  ];
}
