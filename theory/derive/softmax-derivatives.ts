import { derivative } from '../exact/identity.js';
import type { CheckedStep } from './content.js';

/**
 * The loss of an input of class a with the logits w is ℓ = log Σ_c e^{w_c} − w_a. In x = e^{w_c} ∂/∂w_c is x d/dx, and ℓ is rational but for its logarithms; y = e^{w_b} of
 * another class and r, the sum over all further ones, stay symbols, so that what follows holds for every number of classes.
 */
const inLogit = (variable: string, expression: string): string => `${variable}*(${derivative(expression, variable)})`;

/** ∂ℓ/∂w_c of a wrong class, and of the true one, in x and r. */
export const slopeOfWrong = inLogit('x', 'log(x + r)');
export const slopeOfTrue = inLogit('x', 'log(x + r) - log(x)');

/** ∂²ℓ/∂w_c², in x and r, and ∂²ℓ/∂w_b∂w_c, in x, y and r: the same for true and wrong classes, for w_a is linear. */
export const curvature = inLogit('x', slopeOfWrong);
export const mixedCurvature = inLogit('y', inLogit('x', 'log(x + y + r)'));

/** An expression at other values of its variables. */
export const at = (expression: string, values: Readonly<Record<string, string>>): string =>
  expression.replaceAll(/\b[A-Za-z]\w*\b/g, (name) => (name in values ? `(${values[name]!})` : name));

/** Z and ε of the symmetric line in x = e^α: there e^{w_a} is x and e^{w_c} is 1, up to a factor that no probability sees. */
export const lineValues = { Z: 'x + k - 1', epsilon: '(k - 1)/(x + k - 1)' };

/** On the line: two expressions in x and k (and in Z, epsilon) are one. */
export function lineStep(statement: string, derived: string, printed: string, degree = 9): CheckedStep {
  return {
    statement,
    identity: `${at(derived, lineValues)} - (${at(printed, lineValues)})`,
    variables: ['x', 'k'],
    degree,
  };
}

/** The four entries of S = ∂²ℓ/∂w∂w on the line, from the derivatives: of the true class a, of a and another, of another, of two others. */
export const lineCurvature = {
  aa: at(curvature, { x: 'x', r: 'k - 1' }),
  ac: at(mixedCurvature, { x: 'x', y: '1', r: 'k - 2' }),
  cc: at(curvature, { x: '1', r: 'x + k - 2' }),
  cb: at(mixedCurvature, { x: '1', y: '1', r: 'x + k - 3' }),
};

/** ∂ℓ/∂w of the true class and of another, on the line. */
export const lineSlope = {
  a: at(slopeOfTrue, { x: 'x', r: 'k - 1' }),
  c: at(slopeOfWrong, { x: '1', r: 'x + k - 2' }),
};
