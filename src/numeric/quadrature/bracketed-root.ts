import { NumericalError } from '../../errors.js';

/**
 * The root of a continuous f on [low, high], where f changes sign, to about two units in the last place of the root.
 *
 * Chandrupatla's method (Adv. Eng. Software 28, 1997): inverse quadratic interpolation where it is safe, bisection
 * elsewhere, so that it cannot leave the bracket and cannot fail. Throws NumericalError if the ends do not bracket a
 * sign change. Cost: about 8 evaluations for smooth f, at worst a bisection per bit.
 */
export function bracketedRoot(f: (x: number) => number, low: number, high: number): number {
  let a = high;
  let b = low;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa < 0 !== fb < 0) || Number.isNaN(fa + fb)) {
    throw new NumericalError(`no sign change on [${low}, ${high}]: f = ${fb} and ${fa} at its ends`);
  }
  let t = 0.5;
  for (;;) {
    const x = a + t * (b - a);
    const fx = f(x);
    const sameSide = fx < 0 === fa < 0;
    const [c, fc] = sameSide ? [a, fa] : [b, fb];
    if (!sameSide) [b, fb] = [a, fa];
    a = x;
    fa = fx;
    const [best, fBest] = Math.abs(fa) < Math.abs(fb) ? [a, fa] : [b, fb];
    const smallest = (2 * Number.EPSILON * Math.abs(best) + Number.MIN_VALUE) / Math.abs(b - a);
    if (fBest === 0 || smallest > 0.5) return best;
    const xi = (a - b) / (c - b);
    const phi = (fa - fb) / (fc - fb);
    const interpolates = phi ** 2 < xi && (1 - phi) ** 2 < 1 - xi;
    const step = interpolates
      ? (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
      : 0.5;
    t = Math.min(1 - smallest, Math.max(smallest, step));
  }
}
