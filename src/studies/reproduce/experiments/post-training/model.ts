import { exactFlow } from '../../../../exact/noiseless/index.js';
import type { Measurement } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { modelPostTraining, type ModelPostTraining } from '../../probes/model-post-training.js';

const setting = { classes: 3, margin: 3, angle: 45, rate: 0.05, steps: 400 } as const;

/** One descent: nothing is drawn. */
export const modelTask = (): ProbeTask<ModelPostTraining>[] => [probeTask(modelPostTraining, setting, { seconds: 1 })];

/**
 * Gradient flow on the target in closed form. Logits of target a begin at α cos φ (e_a − 1/k) with the label a + 1, and move as those of one class of the noiseless model. Plainly, those of
 * μ_a move by cos φ times as much; off the top space only W τ_a moves, at the rate sin²φ, and the general loss does not.
 */
export function predictedPostTraining() {
  const { classes: k, margin, angle, rate, steps } = setting;
  const near = Math.cos((angle * Math.PI) / 180);
  const first = new Float64Array(k * k);
  for (let c = 0; c < k; c++)
    for (let b = 0; b < k; b++) first[c * k + b] = margin * near * ((c === (b + k - 1) % k ? 1 : 0) - 1 / k);
  const flow = exactFlow(k, first);
  const plain = flow.at(rate * steps);
  let general = 0;
  for (let b = 0; b < k; b++) {
    const a = (b + k - 1) % k;
    const logits = Array.from({ length: k }, (_, c) => {
      const at = c * k + b;
      return margin * ((c === a ? 1 : 0) - 1 / k) + near * (plain.weights[at]! - first[at]!);
    });
    general += Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[a]!;
  }
  return { target: plain.loss, general: general / k, offTop: flow.at(rate * steps * (1 - near ** 2)).loss };
}

/** The largest deviation of: both losses of the plain descent, the target's loss off the top space, and what is forgotten there over what is forgotten plainly. */
export function postTrainingDeviation({
  model: [found],
}: {
  readonly model: readonly ModelPostTraining[];
}): Measurement {
  const { before, after } = found!;
  const predicted = predictedPostTraining();
  const off = (measured: number, wanted: number): number => Math.abs(measured / wanted - 1);
  const forgotten = (general: number): number => general - before.general;
  return {
    values: [
      Math.max(
        off(after.plain.target, predicted.target),
        off(forgotten(after.plain.general), forgotten(predicted.general)),
        off(after['off-top'].target, predicted.offTop),
        Math.abs(forgotten(after['off-top'].general)) / forgotten(after.plain.general),
      ),
    ],
    beside: {
      'target before': before.target,
      'plain: target': after.plain.target,
      'forgotten, plain': forgotten(after.plain.general),
      predicted: forgotten(predicted.general),
      'off the top: target': after['off-top'].target,
      'forgotten, off the top': forgotten(after['off-top'].general),
      'half-space: target': after['half-space'].target,
      'forgotten, half-space': forgotten(after['half-space'].general),
    },
    settings: setting,
  };
}
