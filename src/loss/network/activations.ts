import { gelu, geluErf, relu, sigmoid, silu, softplus, tanh, type Tensor } from '../../tensor/autodiff/index.js';
import type { Entry } from '../../registry.js';
import type { Layer } from './layer.js';

interface ActivationEntry extends Entry {
  readonly of: (x: Tensor) => Tensor;
}

/** What may stand between two layers. */
export const activations = [
  { name: 'relu', help: 'max(x, 0)', of: relu },
  { name: 'tanh', help: 'tanh x', of: tanh },
  { name: 'softplus', help: 'log(1 + eˣ)', of: softplus },
  {
    name: 'gelu',
    help: 'x Φ(x), Φ the normal distribution function, in the form with tanh',
    of: gelu,
    source: 'arXiv:1606.08415',
  },
  { name: 'gelu-erf', help: 'x Φ(x) itself, by the error function', of: geluErf, source: 'arXiv:1606.08415' },
  { name: 'silu', help: 'x/(1 + e⁻ˣ)', of: silu, source: 'arXiv:1606.08415, Section 4' },
  { name: 'sigmoid', help: '1/(1 + e⁻ˣ)', of: sigmoid },
  { name: 'identity', help: 'x as it is', of: (x) => x },
] as const satisfies readonly ActivationEntry[];

export type Activation = (typeof activations)[number]['name'];

export const activationNames = activations.map(({ name }) => name);

/** x ↦ φ(x) entry by entry, φ by name: `activation('tanh')`. */
export function activation(name: Activation): Layer {
  const { of } = activations.find((entry) => entry.name === name)!;
  return (x) => of(x);
}
