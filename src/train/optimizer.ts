import { UsageError } from '../errors.js';
import { precisionOf, zeros, type FloatArray } from '../numeric/kernels/float-array.js';

/**
 * How the gradient g becomes a step of the parameters θ at learning rate η, as plain JSON:
 *
 *   sgd       θ ← θ − η g
 *   momentum  v ← μ v + g,  θ ← θ − η v            Polyak 1964
 *   nesterov  v ← μ v + g,  θ ← θ − η (g + μ v)    Nesterov 1983, in the form of Sutskever et al. 2013
 *   adam      m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
 *             θ ← θ − η (m/(1 − β₁ᵗ))/(√(v/(1 − β₂ᵗ)) + ε)    Kingma & Ba 2015, Algorithm 1; t counts from 1
 *
 * Velocities begin at 0 and do not contain η, as in PyTorch: a changed η acts at once on all of v.
 */
export type Optimizer =
  | { readonly kind: 'sgd' }
  | { readonly kind: 'momentum' | 'nesterov'; readonly momentum: number }
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number };

/** Adam as its authors recommend it. */
export const adamDefaults: Optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** What an optimizer remembers: how many steps it made, and its vectors, each as long as the parameters. */
export interface OptimizerState {
  readonly step: number;
  readonly vectors: ReadonlyMap<string, FloatArray>;
}

/** The names of the vectors each optimizer keeps. */
export const vectorNames: Readonly<Record<Optimizer['kind'], readonly string[]>> = {
  sgd: [],
  momentum: ['velocity'],
  nesterov: ['velocity'],
  adam: ['first-moment', 'second-moment'],
};

/**
 * The state before the first step, for parameters like these. Throws UsageError unless 0 ≤ μ, β₁, β₂ < 1 and ε > 0.
 */
export function initialState(optimizer: Optimizer, parameters: FloatArray): OptimizerState {
  checkOptimizer(optimizer);
  const names = vectorNames[optimizer.kind];
  return {
    step: 0,
    vectors: new Map(names.map((name) => [name, zeros(precisionOf(parameters), parameters.length)])),
  };
}

/**
 * One step: new parameters and a new state; what is passed in stays as it is.
 *
 * Sums are taken in double precision and rounded once to the precision of the parameters, in which the state is kept too. Throws
 * UsageError if gradient or state are not as long as the parameters. Cost: O(parameters).
 */
export function optimizerStep<V extends FloatArray>(
  optimizer: Optimizer,
  { parameters, state }: { readonly parameters: V; readonly state: OptimizerState },
  gradient: FloatArray,
  learningRate: number,
): { readonly parameters: V; readonly state: OptimizerState } {
  const vectors = new Map(
    vectorNames[optimizer.kind].map((name) => [name, state.vectors.get(name)?.slice() ?? new Float64Array(0)]),
  );
  for (const [name, { length }] of [['gradient', gradient] as const, ...vectors]) {
    if (length === parameters.length) continue;
    throw new UsageError(`${name} must hold ${parameters.length} numbers, as the parameters do; received ${length}`);
  }
  const next = parameters.slice() as V;
  const step = state.step + 1;
  if (optimizer.kind === 'sgd') {
    for (let i = 0; i < next.length; i++) next[i]! -= learningRate * gradient[i]!;
  } else if (optimizer.kind === 'adam') {
    adam(optimizer, next, vectors.get('first-moment')!, vectors.get('second-moment')!, gradient, learningRate, step);
  } else {
    momentum(optimizer, next, vectors.get('velocity')!, gradient, learningRate);
  }
  return { parameters: next, state: { step, vectors } };
}

function momentum(
  { kind, momentum: mu }: Extract<Optimizer, { readonly momentum: number }>,
  theta: FloatArray,
  v: FloatArray,
  g: FloatArray,
  eta: number,
): void {
  for (let i = 0; i < theta.length; i++) {
    const velocity = mu * v[i]! + g[i]!;
    v[i] = velocity;
    theta[i]! -= eta * (kind === 'nesterov' ? g[i]! + mu * velocity : velocity);
  }
}

function adam(
  { beta1, beta2, epsilon }: Extract<Optimizer, { readonly kind: 'adam' }>,
  theta: FloatArray,
  m: FloatArray,
  v: FloatArray,
  g: FloatArray,
  eta: number,
  t: number,
): void {
  const [bias1, bias2] = [1 - beta1 ** t, 1 - beta2 ** t];
  for (let i = 0; i < theta.length; i++) {
    const first = beta1 * m[i]! + (1 - beta1) * g[i]!;
    const second = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
    m[i] = first;
    v[i] = second;
    theta[i]! -= (eta * (first / bias1)) / (Math.sqrt(second / bias2) + epsilon);
  }
}

function checkOptimizer(optimizer: Optimizer): void {
  const { kind, ...numbers } = optimizer;
  for (const [name, value] of Object.entries(numbers as Record<string, number>)) {
    const legal = name === 'epsilon' ? value > 0 && Number.isFinite(value) : value >= 0 && value < 1;
    if (legal) continue;
    const range = name === 'epsilon' ? 'a number above 0' : 'a number from 0 to below 1';
    throw new UsageError(`${name} of the optimizer '${kind}' must be ${range}, received ${value}`);
  }
}
