import { fraction, positiveNumber } from '../number-range.js';
import { updateRule } from './update-rule.js';

/** Constants as its authors recommend them. */
export const adamRule = updateRule({
  name: 'adam',
  help: 'm ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η (m/(1 − β₁ᵗ))/(√(v/(1 − β₂ᵗ)) + ε), t from 1',
  source: 'Kingma & Ba 2015, Algorithm 1',
  constants: {
    beta1: { standard: 0.9, ...fraction },
    beta2: { standard: 0.999, ...fraction },
    epsilon: { standard: 1e-8, ...positiveNumber },
  },
  vectors: ['first-moment', 'second-moment'],
  update({ theta, gradient: g, rate, step }, { beta1, beta2, epsilon }, vectors) {
    const { 'first-moment': m, 'second-moment': v } = vectors;
    const [bias1, bias2] = [1 - beta1 ** step, 1 - beta2 ** step];
    for (let i = 0; i < theta.length; i++) {
      const first = beta1 * m[i]! + (1 - beta1) * g[i]!;
      const second = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
      m[i] = first;
      v[i] = second;
      theta[i]! -= (rate * (first / bias1)) / (Math.sqrt(second / bias2) + epsilon);
    }
  },
});
