import { z } from 'zod';
import { checkConfig } from './check-config.js';

const positive = z.int().min(1);

/** What `measure` runs: softmax regression by SGD, with gradient and Hessian of the full training loss measured on the way. */
export const measureSchema = z.strictObject({
  data: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('mnist'),
      /** Images, the first ones of the training set; null for all there are. */
      samples: positive.max(10_000_000).nullable(),
      pixels: z.enum(['unit', 'standardised']),
    }),
    z.strictObject({
      kind: z.literal('mixture'),
      classes: z
        .int()
        .min(2)
        .max(
          1000,
          'at most 1000: all k top eigenvectors are computed; for more classes, train a softmax with a subspace',
        ),
      dim: z.int().min(2).max(100_000),
      noise: z.number().min(0).max(1e6),
      samples: positive.max(10_000_000),
    }),
  ]),
  /** SGD steps. */
  steps: z.int().min(0).max(10_000_000),
  /** Measure every so many steps, or at log-spaced steps 0, 1, 2, 5, 10, 20, 50, …; the last step is always measured. */
  every: z.union([positive, z.literal('log')]),
  /** Samples of a step; the default means all where there are fewer. */
  batch: positive,
  learningRate: z.number().positive().max(1e6),
  /** A constant feature, so that the logits have biases (images only). */
  bias: z.boolean(),
  /** Eigenvalues per measurement. The default means at least k. */
  top: positive.max(1000),
  /** Residual over ‖H‖ of the eigenpairs. */
  tolerance: z.number().min(1e-13).max(1e-2),
  /** Over how many last steps overlap(g, Hg) is averaged, and every how many of them it is taken. */
  window: z.strictObject({ length: z.int().min(0), every: positive }),
  seed: z.int().min(0),
});

export type MeasureConfig = z.infer<typeof measureSchema>;

/** With the number of samples that were there. */
export type ResolvedMeasureConfig = MeasureConfig & { readonly data: { readonly samples: number } };

/** MNIST as in Table 1 of the paper: all 60,000 images, batch 64, η = 0.1, three epochs, the last 1000 steps averaged. */
export const mnistDefaults: MeasureConfig = {
  data: { kind: 'mnist', samples: null, pixels: 'unit' },
  steps: 2814,
  every: 'log',
  batch: 64,
  learningRate: 0.1,
  bias: false,
  top: 20,
  tolerance: 1e-5,
  window: { length: 1000, every: 10 },
  seed: 1,
};

/** Throws UsageError naming the path, the value and the legal range of everything that is wrong. */
export function checkMeasureConfig(config: unknown): MeasureConfig {
  return checkConfig(measureSchema, config);
}

/** The steps at which everything is measured, ascending. */
export function measuredSteps({
  steps,
  every,
}: {
  readonly steps: number;
  readonly every: number | 'log' | readonly number[];
}): number[] {
  const result = new Set([0, steps]);
  if (typeof every === 'object') {
    for (const step of every) if (step < steps) result.add(step);
  } else if (every === 'log') {
    for (let decade = 1; decade <= steps; decade *= 10) {
      for (const digit of [1, 2, 5]) if (digit * decade < steps) result.add(digit * decade);
    }
  } else {
    for (let step = every; step < steps; step += every) result.add(step);
  }
  return [...result].sort((a, b) => a - b);
}

/** Is overlap(g, Hg) taken at this step for the average over the last steps? */
export function isInWindow({ steps, window }: Pick<MeasureConfig, 'steps' | 'window'>, step: number): boolean {
  return step > steps - window.length && step <= steps && (steps - step) % window.every === 0;
}
