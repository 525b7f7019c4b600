import { short } from '../../../src/numeric/short-number.js';
import type { CollapseCurves } from './collapse-curves.js';
import type { CollapseSettings } from './controls.js';

/** What the chart of f_top(k) shows, why, and where it fails. */
export function fractionCaption({ classes: k, noise }: CollapseSettings): string {
  if (k === 2 && noise === 0)
    return 'With two classes the Hessian without noise has only two eigenvectors of positive eigenvalue, and the gradient lies in them at all times: nothing collapses.';
  const start = `The share f_top(k) of the squared gradient in the top k eigenvectors. From a small random start it begins near 1/(k − 1), where all eigenvalues are almost the same and the top k are hardly defined, `;
  return noise === 0
    ? `${start}and comes to 1: the gradient collapses into a tiny subspace. A single start jumps where two eigenvalues change places; the median does not.`
    : `${start}and comes near 1; but with noise the collapse ends when the gradient’s eigenvalue falls below others. The curve is of first order in δ: within some 50 δ of the start it is wrong, and begins at 0 instead.`;
}

/** The same of the chart of 1 − f_top(k). */
export function restCaption(
  { classes: k, noise, threshold }: CollapseSettings,
  curves: CollapseCurves | undefined,
): string {
  if (k === 2 && noise === 0)
    return 'With two classes f_top(2) = 1 at all times, and nothing is left outside: choose k of 3 or more.';
  if (noise === 0)
    return (
      `What is left of the squared gradient outside the top k = ${k}, solved exactly. Late in training it falls as t^(−2/${k}), whatever the start: the law gives the slope, not the height. ` +
      `It is a law for late times, when t^(1/${k}) is large` +
      (curves === undefined
        ? '.'
        : `; at the end of the picture that is ${short(curves.times.at(-1)! ** (1 / k), 2)}, and the slope over the last decades ${slopeAtEnd(curves).toFixed(4)}, that of the law ${(-2 / k).toFixed(4)}.`)
    );
  return (
    `What is left of the squared gradient outside the top k = ${k} at σ = ${short(noise)}, to first order in δ. The collapse is a window in time, shaded: the median of f_top(k) is above ${threshold} only there` +
    (curves?.window?.opens === null ? '; here it never is' : '') +
    `. It ends where the gradient’s eigenvalue falls below others, which does not happen without noise. Not to be trusted while f_top is far from 1, within some 50 δ of the start, nor right at the end of the window.`
  );
}

/** Of the median on logarithmic axes, over the last eight points. */
function slopeAtEnd({ times, quantiles }: CollapseCurves): number {
  const [late, early] = [-1, -9].map((at) => ({ t: times.at(at)!, rest: 1 - quantiles.at(at)![1] })) as [
    { t: number; rest: number },
    { t: number; rest: number },
  ];
  return Math.log(late.rest / early.rest) / Math.log(late.t / early.t);
}
