import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { fraction } from '../number-range.js';
import { updateRule, type StepArguments } from './update-rule.js';

/** The velocity does not contain η, as in PyTorch: a changed η acts at once on all of it. */
const parts = { constants: { momentum: { standard: 0.9, ...fraction } }, vectors: ['velocity'] } as const;

export const momentumRule = updateRule({
  ...parts,
  name: 'momentum',
  help: 'v ← μ v + g, θ ← θ − η v',
  source: 'Polyak 1964',
  update: (at, { momentum: mu }, { velocity }) => {
    moved(at, mu, velocity, (_, v) => v);
  },
});

export const nesterovRule = updateRule({
  ...parts,
  name: 'nesterov',
  help: 'v ← μ v + g, θ ← θ − η (g + μ v)',
  source: 'Nesterov 1983, in the form of Sutskever et al. 2013',
  update: (at, { momentum: mu }, { velocity }) => {
    moved(at, mu, velocity, (g, v) => g + mu * v);
  },
});

function moved(
  { theta, gradient, rate }: StepArguments,
  mu: number,
  velocity: FloatArray,
  direction: (g: number, v: number) => number,
): void {
  for (let i = 0; i < theta.length; i++) {
    const v = mu * velocity[i]! + gradient[i]!;
    velocity[i] = v;
    theta[i]! -= rate * direction(gradient[i]!, v);
  }
}
