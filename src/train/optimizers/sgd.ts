import { updateRule } from './update-rule.js';

export const sgdRule = updateRule({
  name: 'sgd',
  help: 'θ ← θ − η g',
  constants: {},
  vectors: [],
  update({ theta, gradient, rate }) {
    for (let i = 0; i < theta.length; i++) theta[i]! -= rate * gradient[i]!;
  },
});
