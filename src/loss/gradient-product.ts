import { NumericalError } from '../errors.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from '../numeric/kernels/symmetric-operator.js';
import { norm } from '../numeric/kernels/norm.js';
import { unitScaled } from '../numeric/kernels/unit-scale.js';
import { knownProduct } from './known-products.js';

/**
 * The Hessian of a network at θ as far as its product with the gradient goes, which is what overlap(g, Hg) needs. `known`: H g/‖g‖, where it is known
 * already. Throws NumericalError where that product is zero or not finite: the overlap is undefined there. Cost: one product, or none.
 */
export async function gradientProduct(
  hessian: AsyncSymmetricOperator,
  gradient: Float64Array,
  time: number,
  known?: Float64Array,
): Promise<SymmetricOperator> {
  const unit = unitScaled(gradient);
  const along = known === undefined ? await hessian.apply(unit, 1) : times(norm(unit), known);
  if (!along.every(Number.isFinite)) {
    throw new NumericalError(
      `the Hessian times the gradient is not finite at time ${time}: second derivatives overflow; begin from smaller weights`,
    );
  }
  if (along.every((x) => x === 0)) {
    throw new NumericalError(
      `the Hessian times the gradient is exactly zero at time ${time}, so that overlap(g, Hg) is undefined: ` +
        'softmax or activations are so far saturated that their derivatives vanish; begin from smaller weights, for example --init pytorch-default',
    );
  }
  return knownProduct(unit, along);
}

const times = (factor: number, x: Float64Array): Float64Array => x.map((entry) => factor * entry);
