import { outputCount, targetShapeOf, type Dataset, type Targets } from '../data/dataset.js';
import { UsageError } from '../errors.js';
import { losses, lossOf, rightPredictions, type Loss, type LossEntry } from '../loss/network/losses.js';
import type { NetworkSpec } from '../loss/network/network.js';
import type { Model, ModelNetwork } from '../models/model.js';
import { wordList } from '../registry.js';
import type { TrainConfig } from './train-config.js';

/** What data ask of a network. */
export interface NetworkTask {
  /** Of one sample. */
  readonly inputShape: readonly number[];
  /** V, where inputs are token ids. */
  readonly vocabulary?: number;
  /** What is predicted: scores of classes, or numbers; at each token where targets are labels. */
  readonly outputs: number;
  readonly targets: Targets['kind'];
  /** Of one sample's targets. */
  readonly targetShape: readonly number[];
}

/** What of a data set says which task it is. */
export type TaskData = Pick<Dataset, 'inputShape' | 'vocabulary' | 'targets'>;

/** The task of a data set. */
export function taskOf(data: TaskData): NetworkTask {
  const { inputShape, vocabulary, targets } = data;
  return {
    inputShape,
    outputs: outputCount(data),
    targets: targets.kind,
    targetShape: targetShapeOf(data),
    ...(vocabulary !== undefined && { vocabulary }),
  };
}

/** The network of a configuration for a task, and what its model says of it. Throws UsageError where the model does not take it, gives other outputs, or brings no loss of its own. */
export function networkSpec(
  config: Pick<TrainConfig, 'model' | 'activation' | 'bias' | 'loss'>,
  model: Model,
  task: NetworkTask,
): NetworkSpec & Pick<ModelNetwork, 'weights' | 'notes' | 'check'> {
  const { model: text, activation, bias, loss: name } = config;
  const { inputShape, vocabulary, targets, targetShape } = task;
  const outputs = name === 'next-token' ? (vocabulary ?? task.outputs) : task.outputs;
  const loss = name === 'given' ? ownLoss(text, model) : lossOf(name);
  const { layers, ...about } = model.networkFor(inputShape, {
    outputs,
    activation,
    bias,
    ...(vocabulary !== undefined && { vocabulary }),
    ...((targets === 'labels' || name === 'next-token') && { perToken: true }),
  });
  return {
    ...about,
    inputShape,
    outputs,
    targetShape: loss.targets === 'none' ? [] : targetShape,
    layers,
    loss:
      model.file === null || name === 'output' || name === 'given'
        ? loss.of
        : checkedLoss(loss.of, text, wantedScores(task, { name, outputs })),
    correct: loss.correct,
  };
}

/** The shape of the scores of a sample: of each token where these have labels, or are predicted. */
const wantedScores = (
  { inputShape, targets, targetShape }: NetworkTask,
  { name, outputs }: { readonly name: string; readonly outputs: number },
): readonly number[] => [...(name === 'next-token' ? inputShape : targets === 'labels' ? targetShape : []), outputs];

/** The loss, once outputs are what it is taken of: the network of a file may give anything. Tokens and their labels may be fewer than it knows. */
function checkedLoss(of: Loss, text: string, wanted: readonly number[]): Loss {
  return (scores, ...rest) => {
    const [given, least] = [scores.shape.at(-1), wanted.at(-1)!];
    const isEnough = given === least || (wanted.length > 1 && typeof given === 'number' && given > least);
    if (isEnough && String(scores.shape.slice(0, -1)) === String(['n', ...wanted.slice(0, -1)])) {
      return of(scores, ...rest);
    }
    throw new UsageError(
      `${text} gives outputs of shape [${scores.shape.join(', ')}], and the data want [${['n', ...wanted].join(', ')}]; choose other data, or another loss`,
    );
  };
}

/** The loss that a model brings, of whatever targets there are. */
function ownLoss(text: string, { loss }: Model): Pick<LossEntry, 'of' | 'correct' | 'targets'> {
  if (loss !== undefined) return { of: loss, correct: rightPredictions, targets: 'any' };
  throw new UsageError(`${text} brings no loss of its own; choose one of ${wordList(losses.map(({ name }) => name))}`);
}

/** Throws UsageError where a loss is none of the targets there are, saying which are. */
export function checkTask(
  { loss }: Pick<TrainConfig, 'loss'>,
  { name, targets, vocabulary }: Pick<Dataset, 'name' | 'vocabulary'> & { readonly targets: Pick<Targets, 'kind'> },
): void {
  if (loss === 'given') return;
  if (loss === 'next-token' && vocabulary === undefined) {
    throw new UsageError(`${name} has no token ids as inputs, of which ${loss} predicts the next; choose another loss`);
  }
  const takes = {
    classes: ['classes', 'labels'],
    any: ['classes', 'values'],
    none: ['classes', 'values', 'labels', 'none'],
  };
  const isOf = (entry: { readonly targets: keyof typeof takes }): boolean =>
    takes[entry.targets].includes(targets.kind);
  if (isOf(lossOf(loss))) return;
  const fitting = losses.filter((entry) => isOf(entry) && (entry.name !== 'next-token' || vocabulary !== undefined));
  const received = { classes: 'classes', values: 'numbers', labels: 'a label for each token', none: 'nothing' };
  throw new UsageError(
    `${name} has ${received[targets.kind]} as targets, for which ${loss} is no loss; ${targets.kind === 'none' ? 'give targets with the data, or ' : ''}choose ${wordList(
      fitting.map((entry) => entry.name),
      'or',
    )}`,
  );
}

/** Whether predictions are right or wrong, so that there is an accuracy: of classes, and of tokens. */
export const hasAccuracy = (
  config: Pick<TrainConfig, 'loss'>,
  { classes }: { readonly classes: number | null },
): boolean => classes !== null || config.loss === 'next-token';
