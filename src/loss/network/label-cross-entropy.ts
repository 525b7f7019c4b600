import {
  add,
  constant,
  exp,
  firstMaximum,
  log,
  log1p,
  max,
  multiply,
  oneHot,
  reshape,
  step,
  subtract,
  sum,
  type Tensor,
} from '../../tensor/autodiff/index.js';

/**
 * −log p_y at each position, p = softmax(z) along the last axis: scores z [n, …T, V], labels y [n, …T]; result [n, …T, 1]. 0 where y is
 * negative. As in `softmaxCrossEntropy` it is log(1 + B) + z_r − z_y, r the largest score and B = Σ_{c ≠ r} e^{z_c − z_r} its odds, so that every
 * derivative keeps its relative accuracy. Of the size of z its derivatives of second order hold two arrays: e^{z_c − z_r}, 0 at r, and where r is.
 */
export function labelCrossEntropy(z: Tensor, y: Tensor): Tensor {
  const axis = z.shape.length - 1;
  const first = firstMaximum(z, axis);
  // log 0 = −∞ takes r out of the sum without another array.
  const others = log(subtract(constant(1), first));
  const odds = sum(exp(add(subtract(z, max(z, axis)), others)), [axis]);
  const labelled = step(add(reshape(y, [...y.shape, 1]), constant(0.5)));
  const misplaced = subtract(multiply(labelled, first), oneHot(y, z.shape[axis] as number));
  return add(multiply(labelled, log1p(odds)), sum(multiply(misplaced, z), [axis]));
}

/** 1 where the first of the largest scores is that of the label, else 0: [n, …T, 1]. */
export function labelIsLargest(z: Tensor, y: Tensor): Tensor {
  const axis = z.shape.length - 1;
  return sum(multiply(firstMaximum(z, axis), oneHot(y, z.shape[axis] as number)), [axis]);
}
