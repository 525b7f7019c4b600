import { z } from 'zod';
import type { GradientNoise } from '../../loss/noise/gradient-noise.js';
import { noiseNull } from '../../loss/noise/noise-null.js';
import { restTraces } from '../../loss/noise/rest-traces.js';
import type { Estimate } from '../../numeric/statistics/confidence-interval.js';
import { drawnSteps } from '../drawn-steps.js';
import type { Snapshot } from '../../observe/snapshot.js';
import type { TrainRun } from '../train-run.js';
import { observable, type Frozen } from './observable.js';

const ends = <T extends z.ZodType>(of: T) => z.strictObject({ lower: of, upper: of });
const laws = <T extends z.ZodType>(of: T) => ({
  spectrumOnly: of,
  stationary: of.nullable(),
  shuffled: of.nullable(),
});
const moments = z.strictObject({ mean: z.number(), spread: z.number().min(0) });
const energies = z.strictObject({ measured: z.number(), stationary: z.number(), shuffled: z.number().nullable() });
const estimate = z.strictObject({ value: z.number(), standardError: z.number().min(0) });

const schema = z
  .strictObject({
    ...laws(ends(z.number())),
    fraction: z.strictObject(laws(ends(moments))),
    overlap: z.strictObject(laws(moments)),
    energies: z.strictObject({ top: z.array(energies), rest: energies }).nullable(),
    flowShare: z.number().nullable(),
    standardErrors: z.strictObject({
      ...laws(z.number()),
      overlap: z.strictObject(laws(z.number())),
      flowShare: z.number().nullable(),
    }),
    covariances: z.array(z.number().min(0)),
    products: z.int().min(0),
    rest: z.strictObject({
      hessian: z.array(estimate).length(4),
      covariance: estimate,
      covarianceHessian: estimate,
    }),
  })
  .nullable();

/** What columns of the law read. */
export interface NoiseNullField {
  readonly noiseNull?: z.output<typeof schema>;
}

/** The law of the noise as it is recorded, with what it was taken from; null where η = 0. */
export type NoiseRecord = Frozen<z.output<typeof schema>>;

/** The law at the weights of a run, at its learning rate there. */
export function noiseRecord(
  noise: GradientNoise,
  snapshot: Pick<Snapshot, 'spectrum' | 'gradient'>,
  { config, subspace }: Pick<TrainRun, 'config' | 'subspace'>,
  rate: number,
): NoiseRecord {
  if (!(rate > 0)) return null;
  const steps = drawnSteps(config, noise.samples, rate);
  const { hessian, covariance, covarianceHessian } = restTraces(noise.rest);
  return {
    ...noiseNull(noise, snapshot, { subspace, steps }),
    covariances: [...noise.top.covariances],
    products: noise.products,
    rest: {
      hessian: hessian.map(written),
      covariance: written(covariance),
      covarianceHessian: written(covarianceHessian),
    },
  };
}

export const noiseNullObservable = observable({
  id: 'noiseNull',
  meaning:
    'what the noise of SGD alone has of f_top(m), E g_i² ∝ λ_i² (spectrumOnly) or (η/b) c_iλ_i/(2 − ηλ_i) (stationary) or that with epochs in which noise adds up to zero (shuffled), with mean and spread of f_top(m) and overlap(g, Hg) of one such g, g_i² beside it, c_i, and Tr Hᵖ, Tr C, Tr CH outside the eigenvectors that are computed, from `products` Hessian products besides; flowShare: ‖g‖² outside the top m less that noise, over ‖g‖²; recorded where the configuration asks for it, null where η = 0',
  unit: '1; energies: loss²/θ², c, Tr C: loss²/θ²',
  needs: ['run', 'snapshot', 'rate', 'noise'],
  schema,
  compute: ({ run, snapshot, rate, noise }) => (noise === null ? null : noiseRecord(noise, snapshot, run, rate)),
  columns: {
    noiseNull: {
      heading: ({ subspace: m }) => `noise f_top(${m})`,
      meaning: 'Σ_{i≤m} E g_i²/E‖g‖² of the stationary noise of SGD',
      isShown: true,
      within: ({ noiseNull: law }: NoiseNullField) => law?.stationary ?? null,
    },
    noiseSpectrumOnly: {
      heading: 'Σλ²/Tr H²',
      meaning: 'Σ_{i≤m} λ_i²/Tr H², what noise with C ∝ H has',
      within: ({ noiseNull: law }: NoiseNullField) => law?.spectrumOnly ?? null,
    },
    noiseOverlap: {
      heading: 'noise overlap',
      meaning: 'the mean overlap(g, Hg) of the stationary noise of SGD',
      digits: 4,
      isShown: true,
      of: ({ noiseNull: law }: NoiseNullField) => law?.overlap.stationary?.mean ?? null,
    },
    flowShare: {
      heading: 'flow share',
      meaning: 'the share of ‖g‖² outside the top m that stationary noise does not account for',
      digits: 3,
      isShown: true,
      of: ({ noiseNull: law }: NoiseNullField) => law?.flowShare ?? null,
    },
  },
});

const written = ({ value, standardError }: Estimate): z.output<typeof estimate> => ({ value, standardError });
