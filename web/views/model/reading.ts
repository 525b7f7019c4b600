import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import { shown, shownInterval } from '../../core/numbers.js';

type Words = (Node | string)[];

/** What a state says about the claim, in words that follow from the interval alone. */
export function reading({ model, states: [state] }: SolveDocument): Words[] {
  const { classes: k, dim, noise } = model;
  const { topFraction, noise: sgd, overlapGradientHessianGradient: overlap } = state!;
  const json = sgd === undefined ? 'states[0].topFraction' : 'states[0].noise.topFraction';
  const { lower, upper } = sgd?.topFraction ?? topFraction;
  const share = shownInterval({ lower, upper }, json, 4);
  const all = `the ${k} steepest of ${k * dim} directions`;
  const random = shown(topFraction.null, 'states[0].topFraction.null', 4);
  const first: Words =
    upper - lower > 0.9
      ? [`Open: equal eigenvalues leave a choice of ${all}, and with it f_top(${k}) is anything in `, share, '.']
      : lower > 0.99
        ? [`Yes: the gradient is in ${all}. Its share there, f_top(${k}), is `, share, '.']
        : upper < 0.01
          ? [
              `No: the gradient is outside of ${all}. Its share there, f_top(${k}), is `,
              share,
              '; a random direction would have ',
              random,
              '.',
            ]
          : [
              `In part: the share of the squared gradient in ${all} is f_top(${k}) = `,
              share,
              ...(upper - lower > 0.01 ? [', as one chooses among equal eigenvalues'] : []),
              '; a random direction would have ',
              random,
              '.',
            ];
  const second: Words =
    sgd === undefined
      ? [
          'overlap(g, Hg), the cosine between the gradient and the Hessian times it, is ',
          shown(overlap, 'states[0].overlapGradientHessianGradient', 4),
          upper < 0.01
            ? ' all the same: the gradient is an eigenvector, only not one of the steepest.'
            : ': the gradient is an eigenvector of the Hessian.',
        ]
      : [
          'Of the mean squared gradient the flow has ',
          shown(sgd.gradientEnergy.flow, 'states[0].noise.gradientEnergy.flow', 3),
          ' and the noise of SGD ',
          shown(sgd.gradientEnergy.noise, 'states[0].noise.gradientEnergy.noise', 3),
          sgd.gradientEnergy.noise > sgd.gradientEnergy.flow ? ': the noise rules.' : ': the flow rules.',
          ...(noise === 0 ? [' Both lie in the top space.'] : []),
          ...(sgd.secondOrder > 0.3
            ? [
                ' The second order is ',
                shown(sgd.secondOrder, 'states[0].noise.secondOrder', 2),
                ' of the first: do not trust these numbers, take a smaller η/b.',
              ]
            : []),
        ];
  return [first, second];
}
