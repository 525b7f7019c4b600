import { fraction, positiveNumber } from '../number-range.js';
import { updateRule, type StateVectors, type StepArguments } from './update-rule.js';

/** Constants as its authors recommend them. */
const constants = {
  beta1: { standard: 0.9, ...fraction },
  beta2: { standard: 0.999, ...fraction },
  epsilon: { standard: 1e-8, ...positiveNumber },
} as const;
const vectors = ['first-moment', 'second-moment'] as const;

export const adamRule = updateRule({
  name: 'adam',
  help: 'm ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η (m/(1 − β₁ᵗ))/(√(v/(1 − β₂ᵗ)) + ε), t from 1',
  source: 'Kingma & Ba 2015, Algorithm 1',
  constants,
  vectors,
  update(at, given, moments) {
    moved(at, { ...given, weightDecay: 0 }, moments);
  },
});

/** The decay is that of all parameters, and times η, as in PyTorch. */
export const adamwRule = updateRule({
  name: 'adamw',
  help: 'θ ← θ − η λ θ, then the step of adam, from the moments of g alone',
  source: 'Loshchilov & Hutter, arXiv:1711.05101, Algorithm 2, in the form of PyTorch',
  constants: { ...constants, weightDecay: { standard: 0.01, from: 0 } },
  vectors,
  update: moved,
});

function moved(
  { theta, gradient: g, rate, step }: StepArguments,
  given: Readonly<Record<keyof typeof constants | 'weightDecay', number>>,
  { 'first-moment': m, 'second-moment': v }: StateVectors<(typeof vectors)[number]>,
): void {
  const { beta1, beta2, epsilon, weightDecay } = given;
  const [bias1, bias2] = [1 - beta1 ** step, 1 - beta2 ** step];
  const kept = 1 - rate * weightDecay;
  for (let i = 0; i < theta.length; i++) {
    const first = beta1 * m[i]! + (1 - beta1) * g[i]!;
    const second = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
    m[i] = first;
    v[i] = second;
    theta[i] = kept * theta[i]! - (rate * (first / bias1)) / (Math.sqrt(second / bias2) + epsilon);
  }
}
