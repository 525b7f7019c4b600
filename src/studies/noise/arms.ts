import { batchSchedule } from '../../data/batch-schedule.js';
import { zeros } from '../../numeric/kernels/float-array.js';
import { randomStream } from '../../numeric/random.js';
import { precisionOf, type FloatArray } from '../../numeric/kernels/float-array.js';
import type { Statistics } from '../../loss/objective.js';
import { atStart, descent, type DescentState } from '../../train/descent.js';
import type { TrainProblem } from '../../train/train-problem.js';

/** A descent from the same weights, in which one assumption of the law is switched off, or several. */
export interface NoiseArm {
  readonly name: string;
  /** Batches in epochs that take every sample once, as training draws them, or drawn anew with replacement at each step. */
  readonly sampling: 'epochs' | 'replacement';
  /**
   * `network`: the run goes on. `frozen`: the gradient of a batch is linear about the first weights θ₀, ∇ℓ_B(θ₀) − g(θ₀) + H(θ₀)(θ − θ₀): C and H stay what they are there,
   * the noise is additive, and there is no flow.
   */
  readonly dynamics: 'network' | 'frozen';
  /** b, where it is another than that of the run. */
  readonly batch?: number;
  /** In which precision, where it is another than that of the run. */
  readonly precision?: 'f32' | 'f64';
}

/** A point of a descent: its weights, and the gradient without noise. */
export interface ArmPoint {
  readonly step: number;
  readonly weights: FloatArray;
  /** Of the full loss; in a frozen arm H(θ₀)(θ − θ₀). */
  readonly gradient: () => Promise<Float64Array>;
}

/** Where an arm begins. */
export interface ArmStart {
  readonly weights: FloatArray;
  readonly statistics: Statistics;
  readonly learningRate: number;
}

/**
 * The points of an arm, from the first weights on, without end: every step is one of the run's optimizer at a constant learning rate. Cost of a step: a gradient of a batch; in
 * a frozen arm another of it, and a Hessian product.
 */
export async function* armPoints(
  { objective, trainer, samples, run }: TrainProblem,
  { sampling, dynamics, batch = run.config.batch ?? samples }: NoiseArm,
  { weights: first, statistics, learningRate }: ArmStart,
): AsyncGenerator<ArmPoint, void, void> {
  const { optimizer, seed } = run.config;
  const rows = sampling === 'epochs' ? batchSchedule(samples, batch, seed) : withReplacement(samples, batch, seed);
  const start = atStart(first, { optimizer, statistics });
  const rule = { optimizer, rate: () => learningRate };
  if (dynamics === 'network') {
    const gradient = ({ step, weights, statistics: now }: DescentState) =>
      trainer.gradient(weights, now, rows(step), step);
    for await (const { step, weights, statistics: now } of descent(start, { ...rule, gradient })) {
      yield { step, weights, gradient: async () => (await objective.evaluate(weights, now)).gradient };
    }
    return;
  }
  const { gradient: mean } = await objective.evaluate(first, statistics);
  const hessian = objective.curvature('hessian', first, { statistics });
  const restoring = (weights: FloatArray): Promise<Float64Array> =>
    hessian.apply(
      Float64Array.from(weights, (x, i) => x - first[i]!),
      1,
    );
  const gradient = async ({ step, weights }: DescentState) => {
    const { loss, gradient: ofBatch } = await trainer.gradient(first, statistics, rows(step), step);
    const back = await restoring(weights);
    const linear = zeros(precisionOf(first), first.length);
    for (let i = 0; i < linear.length; i++) linear[i] = ofBatch[i]! - mean[i]! + back[i]!;
    return { loss, gradient: linear, statistics };
  };
  for await (const { step, weights } of descent(start, { ...rule, gradient })) {
    yield { step, weights, gradient: () => restoring(weights) };
  }
}

/** Rows drawn anew at each step, keyed by (seed, step). */
function withReplacement(samples: number, batch: number, seed: number): (step: number) => Uint32Array {
  return (step) => {
    const stream = randomStream(seed, 'batches with replacement', step);
    return Uint32Array.from({ length: batch }, () => stream.integer(samples));
  };
}
