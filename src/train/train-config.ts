import { z } from 'zod';
import { dataSets } from '../data/data-source.js';
import { TinySubspaceError } from '../errors.js';
import { activationNames } from '../loss/network/activations.js';
import { initialisations } from '../loss/network/initialisation.js';
import { lossNames } from '../loss/network/losses.js';
import { isOnnxFile, models } from '../models/model-text.js';
import { checkConfig } from './check-config.js';
import type { NumberRange } from './number-range.js';
import { optimizers, type Optimizer } from './optimizer.js';
import { schedules, type PlainSchedule } from './schedule.js';

const positive = z.int().min(1);

/** Text that a registry can read; its refusal is the error's. */
const written = ({ read, patterns }: { readonly read: (text: string) => unknown; readonly patterns: string }) =>
  z
    .string()
    .superRefine((text, context) => {
      try {
        read(text);
      } catch (error) {
        if (!(error instanceof TinySubspaceError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
      }
    })
    .describe(patterns);

function numberSchema({ from, above, below, isInteger = false, most }: NumberRange): z.ZodNumber {
  let schema: z.ZodNumber = isInteger ? z.int() : z.number();
  if (from !== undefined) schema = schema.min(from);
  if (above !== undefined) schema = schema.gt(above);
  if (below !== undefined) schema = schema.lt(below);
  return most === undefined ? schema : schema.max(most);
}

/** Initialisations by name, and `given`: the weights that the model brings. */
const firstWeights = {
  patterns: `${initialisations.patterns}; given`,
  read: (text: string): unknown => text === 'given' || initialisations.read(text),
};

/** One of several rules with its numbers, as { kind, …numbers }. */
function ruleSchema<T>(
  rules: readonly { readonly name: string; readonly help: string; readonly numbers: object }[],
): z.ZodType<T> {
  const schemas = rules.map(({ name, help, numbers }) =>
    z
      .strictObject({
        kind: z.literal(name),
        ...Object.fromEntries(
          Object.entries(numbers).map(([key, range]) => [key, numberSchema(range as NumberRange)] as const),
        ),
      })
      .describe(help),
  );
  return z.discriminatedUnion('kind', schemas as [(typeof schemas)[0], ...typeof schemas]) as unknown as z.ZodType<T>;
}

/** Eigenvectors are kept and orthogonalised as dense vectors: more of them would take hours, and gigabytes. */
export const largestSubspace = 1000;

const fraction = z.number().min(0).lt(1);

/** What `train` runs: a network, its data, how it is trained, and what is measured of the full training loss on the way. */
export const trainSchema = z.strictObject({
  model: written(models),
  /** What computes it: ONNX Runtime, or plain TypeScript, which knows softmax regression with cross-entropy in f64 and needs no runtime. */
  backend: z.enum(['onnx', 'plain']).default('onnx'),
  activation: z.enum(activationNames),
  bias: z.boolean(),
  /** By name, or `given`: that which the model brings. */
  loss: z.enum([...lossNames, 'given']),
  initialisation: written(firstWeights),
  data: z.strictObject({
    source: written(dataSets),
    /** Images: how many to train on; null for all. */
    samples: positive.nullable(),
    subset: z.enum(['first', 'random']),
    /** Classes to keep, relabelled 0 … k − 1; null for all. */
    classes: z.array(z.int().min(0)).min(2).nullable(),
    randomLabels: z.boolean(),
    pixels: z.enum(['unit', 'standardised']),
  }),
  optimizer: ruleSchema<Optimizer>(optimizers.map((rule) => ({ ...rule, numbers: rule.constants }))),
  /**
   * Parameters with a weight decay of their own, or with `rate` times the learning rate of the schedule: patterns as of `parameters`, none in two groups.
   * Left out, all are stepped alike.
   */
  groups: z
    .array(
      z
        .strictObject({
          parameters: z.array(z.string().min(1)).min(1),
          weightDecay: z.number().min(0).exactOptional(),
          rate: z.number().gt(0).max(1e6).exactOptional(),
        })
        .refine(
          ({ weightDecay, rate }) => (weightDecay ?? rate) !== undefined,
          'a group has a weightDecay, a rate, or both',
        ),
    )
    .min(1)
    .exactOptional(),
  schedule: ruleSchema<PlainSchedule>(schedules),
  /** Over how many first steps the learning rate rises: η_t is min(1, (t + 1)/warmup) times that of the schedule. Left out, it begins as the schedule does. */
  warmup: positive.exactOptional(),
  /** What of the gradient is followed: all, its part in the top-k eigenspace, the rest, or H⁻¹ of that part (low-rank Newton). */
  follow: z.strictObject({
    direction: z.enum(['gradient', 'dominant', 'bulk', 'newton']),
    /** Steps between two computations of the top-k eigenspace. */
    refresh: positive,
    /** The first step at which it is done; before, the whole gradient is followed. */
    from: z.int().min(0),
    /**
     * Null: from step `from` on. Else as soon after it as the gradient is aligned (Song, Ahn & Yun, arXiv:2405.16002): every `refresh` steps
     * χ̄ ← factor χ̄ + (1 − factor) χ_k, χ_k = ‖P_k g‖/‖g‖ of the full gradient, which χ̄ begins with; once χ̄ > threshold the part is followed, for good.
     */
    switch: z.strictObject({ threshold: z.number().gt(0).lt(1), factor: fraction }).nullable(),
  }),
  /** Samples of a step; null for all of them, which is gradient descent. The default means all where there are fewer. */
  batch: positive.nullable(),
  steps: z.int().min(0).max(10_000_000),
  /**
   * What ends a run before that, at a step that is then measured: the training loss is at most `loss`, which is looked for every so many steps, about an epoch if left out;
   * or the flow time, Σ of the learning rates, is at least `time`.
   */
  stop: z
    .union(
      [
        z.strictObject({ loss: z.number(), every: positive.exactOptional() }),
        z.strictObject({ time: z.number().gt(0) }),
      ],
      {
        error: 'either {"loss": L} with "every": N or without, or {"time": T}, T above 0',
      },
    )
    .exactOptional(),
  /** Measure every so many steps, at log-spaced steps, or at the steps of a list; the first and the last step are always measured. */
  measureEvery: z.union([positive, z.literal('log'), z.array(z.int().min(0)).min(1)]),
  /** Of these steps those from this one on are measured, and the last; left out, all. */
  measureFrom: positive.exactOptional(),
  /** m of f_top(m) and of the subspaces; null for the number of outputs. */
  subspace: positive.nullable(),
  /** Eigenvalues per measurement. The default means as many as fit: at least m, at most all. */
  top: positive.max(largestSubspace),
  /** Vectors of the search for eigenpairs at most: fewer need less memory and more products. Left out, as many as it wants. */
  basis: z.int().min(5).max(10_000).exactOptional(),
  /** Products that may be spent on what a search has overlooked, over those spent before; 0 for none. Left out, half as many, or four times for f_top(m) ± accuracy. */
  effort: z.number().min(0).max(100).exactOptional(),
  /** Residual over ‖H‖ of the eigenpairs. */
  tolerance: z.number().min(1e-13).max(1e-1),
  /** Stop the search for eigenpairs when f_top(m) is known to ± this, whatever their residuals; null for the residuals. */
  accuracy: z.number().min(1e-9).max(0.5).nullable(),
  precision: z.enum(['f32', 'f64']),
  threads: positive.max(256),
  /** Over how many last steps overlap(g, Hg) and f_top are averaged, and every how many of them they are taken. */
  window: z.strictObject({ length: z.int().min(0), every: positive }),
  /**
   * Which parameters are trained: names, layers (`dense1` is `dense1.*`), patterns with `*`, and `!pattern` for those that are not; the rest keeps its
   * first values, and is no part of θ. Left out, all.
   */
  parameters: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Over how many last updates θ_{t+1} − θ_t their singular values are taken; 0 for none, which keeps no updates. */
  updates: z
    .int()
    .min(0)
    .max(1000)
    .refine((count) => count !== 1, 'a spectrum needs at least 2 updates'),
  /** Random probes of the space outside the eigenvectors, for what SGD's noise alone has of f_top(m); left out, that is not recorded. */
  noiseNull: z.int().min(2).max(1000).exactOptional(),
  /** Which weights are kept as files: those of every measurement, or the last. */
  keepWeights: z.enum(['all', 'last']),
  seed: z.int().min(0),
});

export type TrainConfig = z.infer<typeof trainSchema>;

/** The paper's Fig. 1a,b: MNIST, 784-100-100-10, ReLU, batch 64, η = 0.1. */
export const trainDefaults: TrainConfig = {
  model: 'mlp:100,100',
  backend: 'onnx',
  activation: 'relu',
  bias: true,
  loss: 'cross-entropy',
  initialisation: 'pytorch-default',
  data: { source: 'mnist', samples: null, subset: 'first', classes: null, randomLabels: false, pixels: 'unit' },
  optimizer: { kind: 'sgd' },
  schedule: { kind: 'constant', rate: 0.1 },
  follow: { direction: 'gradient', refresh: 1, from: 0, switch: null },
  batch: 64,
  steps: 1000,
  measureEvery: 'log',
  subspace: null,
  top: 20,
  tolerance: 1e-3,
  accuracy: null,
  precision: 'f32',
  threads: 1,
  window: { length: 0, every: 10 },
  updates: 0,
  keepWeights: 'all',
  seed: 1,
};

/** The defaults for a model: an ONNX file brings its weights. */
export function defaultsFor(model: string): TrainConfig {
  return { ...trainDefaults, model, ...(isOnnxFile(model) ? { initialisation: 'given' } : {}) };
}

/** Throws UsageError naming the path, the value and the legal range of everything that is wrong. */
export function checkTrainConfig(config: unknown): TrainConfig {
  return checkConfig(trainSchema, config);
}

/** For editors: JSON Schema of the configuration file, in which everything may be left out. */
export function trainJsonSchema(): object {
  const { data, follow, window } = trainSchema.shape;
  const parts = { data: data.partial(), follow: follow.partial(), window: window.partial() };
  return z.toJSONSchema(trainSchema.extend(parts).partial(), { unrepresentable: 'any' });
}
