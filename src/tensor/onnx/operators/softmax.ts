import {
  constant,
  divide,
  firstMaximum,
  isCounted,
  logSoftmax,
  multiply,
  negate,
  oneHot,
  reshape,
  softmax,
  softmaxCrossEntropy,
  subtract,
  sum,
  take,
  total,
  where,
  equal,
  type Tensor,
} from '../../autodiff/index.js';
import { merged, moved, overCount, without } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';

/** Along one axis; before version 13 over all axes from one on. */
const along =
  (f: (x: Tensor, axis: number) => Tensor) =>
  (call: Call): Tensor => {
    const x = call.tensor(0);
    const axis = call.axis(call.int('axis', call.opset < 13 ? 1 : -1), x.shape.length);
    if (isCounted(x.shape[axis]!))
      call.fail('it runs along the axis of samples; samples must not depend on one another');
    if (call.opset >= 13) return f(x, axis);
    return reshape(f(reshape(x, [merged(x.shape.slice(0, axis)), merged(x.shape.slice(axis))]), 1), x.shape);
  };

interface Labelled {
  /** 1 at the class of each label, [N, …, C]. */
  readonly units: Tensor;
  /** The weight of each, [N, …], 0 where it is ignored; undefined where all are 1. */
  readonly weights: Tensor | undefined;
}

function labelled(call: Call, labels: Tensor, classes: number): Labelled {
  const units = oneHot(labels, classes);
  const given = call.has(2) ? weightsOf(call, labels, classes) : undefined;
  if (!call.node.attributes.has('ignore_index')) return { units, weights: given };
  const isKept = subtract(constant(1), equal(labels, constant(call.int('ignore_index'))));
  return { units, weights: given === undefined ? isKept : multiply(isKept, given) };
}

/** A class that is none weighs nothing. */
function weightsOf(call: Call, labels: Tensor, classes: number): Tensor {
  const isNone = subtract(constant(1), sumLast(oneHot(labels, classes)));
  return where(isNone, constant(0), take(call.fixed(2), where(isNone, constant(0), labels)));
}

const sumLast = (x: Tensor): Tensor => without(sum(x, [x.shape.length - 1]), [x.shape.length - 1]);

/** The losses [N, …] weighed, and left as they are, summed, or averaged by the weights. */
function reduced(call: Call, losses: Tensor, weights: Tensor | undefined): Tensor {
  const weighed = weights === undefined ? losses : multiply(weights, losses);
  const reduction = call.text('reduction', 'mean');
  if (reduction === 'none') return weighed;
  if (reduction === 'sum') return total(weighed);
  return weights === undefined ? overCount(call, total(weighed), losses.shape) : divide(total(weighed), total(weights));
}

const classesOf = (call: Call): number => {
  const classes = call.shape(0)[1]!;
  return isCounted(classes) ? call.fail('its second axis must be that of classes') : classes;
};

/** −log p of the label, p = softmax of the scores [N, C, …]; and log p itself. */
function crossEntropy(call: Call): Tensor[] {
  const [scores, labels] = [call.tensor(0), call.tensor(1)];
  const { units, weights } = labelled(call, labels, classesOf(call));
  const last = scores.shape.length - 1;
  const losses = without(softmaxCrossEntropy(moved(scores, 1, last), units), [last]);
  return [reduced(call, losses, weights), logSoftmax(scores, 1)];
}

/** −x at the class of the label. */
function negativeLogLikelihood(call: Call): Tensor {
  const [logs, labels] = [call.tensor(0), call.tensor(1)];
  const { units, weights } = labelled(call, labels, classesOf(call));
  const rows = moved(logs, 1, logs.shape.length - 1);
  return reduced(call, negate(sumLast(where(units, rows, constant(0)))), weights);
}

export const softmaxOperators: readonly Operator[] = [
  { name: 'Softmax', help: 'e^x/Σ e^x along an axis', apply: along(softmax) },
  { name: 'LogSoftmax', help: 'log(e^x/Σ e^x) along an axis', apply: along(logSoftmax) },
  { name: 'Hardmax', help: '1 at the first largest entry along an axis, else 0', apply: along(firstMaximum) },
  {
    name: 'SoftmaxCrossEntropyLoss',
    help: '−log p of labels, p = softmax of scores',
    apply: crossEntropy,
  },
  { name: 'NegativeLogLikelihoodLoss', help: '−x at labels', apply: negativeLogLikelihood },
];
