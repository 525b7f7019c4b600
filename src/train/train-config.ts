import { z } from 'zod';
import { activationNames, architecture } from '../loss/network/architectures.js';
import { initialiser } from '../loss/network/initialisation.js';
import { losses, type LossName } from '../loss/network/losses.js';
import type { Activation } from '../loss/network/layers.js';
import { parseDataSource } from '../data/data-source.js';
import { TinySubspaceError } from '../errors.js';
import { checkConfig } from './check-config.js';

const positive = z.int().min(1);
const rate = z.number().positive().max(1e6);

/** Text that a parser of ours accepts; its message is the error's. */
const parsed = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof TinySubspaceError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

/** Eigenvectors are kept and orthogonalised as dense vectors: more of them would take hours, and gigabytes. */
export const largestSubspace = 1000;

const fraction = z.number().min(0).lt(1);

const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd') }),
  z.strictObject({ kind: z.enum(['momentum', 'nesterov']), momentum: fraction }),
  z.strictObject({ kind: z.literal('adam'), beta1: fraction, beta2: fraction, epsilon: z.number().positive() }),
]);

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), rate }),
  z.strictObject({ kind: z.literal('step'), rate, factor: rate, every: positive }),
  z.strictObject({ kind: z.literal('cosine'), rate, last: z.number().min(0), steps: positive }),
]);

/** What `train` runs: a network, its data, how it is trained, and what is measured of the full training loss on the way. */
export const trainSchema = z.strictObject({
  model: parsed((text) =>
    architecture(text, text.startsWith('conv') || text.startsWith('resnet') ? [1, 32, 32] : [1], {
      outputs: 2,
      activation: 'relu',
      bias: true,
    }),
  ).describe('softmax, mlp:WIDTH,…, linear:WIDTH,…, convnet, convnet-regularised, resnet18 or resnet18:WIDTH'),
  /** What computes it: ONNX Runtime, or plain TypeScript, which knows softmax regression with cross-entropy in f64 and needs no runtime. */
  backend: z.enum(['onnx', 'plain']).default('onnx'),
  activation: z.enum(activationNames as [Activation, ...Activation[]]),
  bias: z.boolean(),
  loss: z.enum(Object.keys(losses) as [LossName, ...LossName[]]),
  initialisation: parsed(initialiser).describe('glorot-uniform, he-normal, pytorch-default, normal:SIGMA, …'),
  data: z.strictObject({
    source: parsed(parseDataSource).describe('mnist, cifar10, mixture:K,D,SIGMA,N, sine or sine:N'),
    /** Images: how many to train on; null for all. */
    samples: positive.nullable(),
    subset: z.enum(['first', 'random']),
    /** Classes to keep, relabelled 0 … k − 1; null for all. */
    classes: z.array(z.int().min(0)).min(2).nullable(),
    randomLabels: z.boolean(),
    pixels: z.enum(['unit', 'standardised']),
  }),
  optimizer,
  schedule,
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
  /** Measure every so many steps, at log-spaced steps, or at the steps of a list; the first and the last step are always measured. */
  measureEvery: z.union([positive, z.literal('log'), z.array(z.int().min(0)).min(1)]),
  /** m of f_top(m) and of the subspaces; null for the number of outputs. */
  subspace: positive.nullable(),
  /** Eigenvalues per measurement. The default means as many as fit: at least m, at most all. */
  top: positive.max(largestSubspace),
  /** Residual over ‖H‖ of the eigenpairs. */
  tolerance: z.number().min(1e-13).max(1e-1),
  /** Stop the search for eigenpairs when f_top(m) is known to ± this, whatever their residuals; null for the residuals. */
  accuracy: z.number().min(1e-9).max(0.5).nullable(),
  precision: z.enum(['f32', 'f64']),
  threads: positive.max(256),
  /** Over how many last steps overlap(g, Hg) and f_top are averaged, and every how many of them they are taken. */
  window: z.strictObject({ length: z.int().min(0), every: positive }),
  /** Over how many last updates θ_{t+1} − θ_t their singular values are taken; 0 for none, which keeps no updates. */
  updates: z
    .int()
    .min(0)
    .max(1000)
    .refine((count) => count !== 1, 'a spectrum needs at least 2 updates'),
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
