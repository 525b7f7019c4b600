import { beforeAll, describe, expect, it } from 'vitest';
import { laws, theorems, verify, type Laws } from '../../theory/index.js';
import { killerOf, remembering, targetsSeenBy, type Target } from './mutate.js';
import { regimes } from './regimes.js';

type Name = keyof Laws;

/** Numbers that no check can hold to anything, with the reason. */
const unkillable: readonly { readonly law: Name; readonly path: RegExp; readonly reason: string }[] = [
  {
    law: 'noisyLevels',
    path: /mixture.*ρ < 0/,
    reason: 'a simplex decouples the copies: the component is 0 to rounding',
  },
];

/** Error estimates: wrong are only those that claim no error, or say nothing. */
const isErrorBar = ({ law, path }: Target): boolean =>
  law === 'relativeLevelError' ||
  (law !== 'exactFlow' &&
    /(relativeError|covarianceError|ratioError|errorBar|seriesTail|standardError|aboveBulkError|largestExponent|tilt\.\(\)|levels\.(\[\]\.)?error|residuals\.\[\]|at\.\(\)\.error|^errors\.\[\])$/.test(
      path,
    ));
const isCount = ({ path }: Target): boolean =>
  /(multiplicity|classes|parameters|dimension|products|edge|above|dim)$/.test(path);
/** Averages over draws are known to their standard errors. */
const isStatistical = ({ law, path }: Target): boolean =>
  /^(collapse|collapses)$/.test(law) && /(lower|upper|quantiles|opens|closes)/.test(path);

const relativeErrors = [1.01, 0.95, 2];

/** The changes a number must not survive; small and large relative errors in turn. */
function changesOf(target: Target, i: number): { readonly name: string; readonly change: (x: number) => number }[] {
  if (isErrorBar(target)) {
    return [
      { name: 'no error', change: (x) => 0 * x },
      { name: 'any error', change: (x) => 1e12 * x },
    ];
  }
  if (isCount(target)) return [{ name: 'one more', change: (x) => x + 1 }];
  const factor = isStatistical(target) ? [1.25, 0.75, 2][i % 3]! : relativeErrors[i % 3]!;
  return [{ name: `× ${factor}`, change: (x) => factor * x }];
}

/** Of the laws that are divided finest, every fifth number in every regime, in turn. */
const thinned: readonly Name[] = ['noisyLevels', 'linePoint', 'gradientCovariance'];

describe('a number that is wrong in one regime', () => {
  let base: Laws;
  let targets: Target[];

  beforeAll(() => {
    base = remembering();
    verify(base);
    targets = targetsSeenBy(base);
  }, 300_000);

  it('is asked for, of every law in every regime', () => {
    const missing = (Object.keys(laws) as Name[]).flatMap((law) => {
      const seen = new Set(targets.filter((target) => target.law === law).map(({ regime }) => regime));
      return regimes[law].all.filter((regime) => !seen.has(regime)).map((regime) => `${law}: ${regime}`);
    });
    expect(missing).toEqual([]);
  });

  const withNumbers = (Object.keys(laws) as Name[]).filter((law) => regimes[law].all.length > 0);

  it.each(withNumbers)('is noticed in %s', (law) => {
    const own = targets.filter((target) => target.law === law);
    const chosen = thinned.includes(law) ? own.filter((_, i) => i % 5 === 0) : own;
    const survivors = chosen.flatMap((target, i) =>
      changesOf(target, i)
        .filter(({ change }) => killerOf(base, target, change) === undefined)
        .map(({ name }) => `${law} ${target.path} ${name}, ${target.regime}`),
    );
    const unexplained = survivors.filter(
      (survivor) => !unkillable.some((one) => one.law === law && one.path.test(survivor)),
    );
    expect(chosen.length).toBeGreaterThan(0);
    expect(unexplained).toEqual([]);
  });

  it('goes unnoticed by checks that are not about it', () => {
    const nishimori = theorems.find(({ id }) => id === 'nishimori-identity')!; // asks for the point, and reads no loss
    const loss = targets.find(
      ({ law, path, theorems: readers }) => law === 'marginPoint' && path === 'loss' && readers.includes(nishimori),
    )!;
    const blind = { ...loss, theorems: [nishimori] };
    expect(killerOf(base, blind, (x) => 1.01 * x)).toBeUndefined();
    expect(killerOf(base, loss, (x) => 1.01 * x)).toBeDefined();
  });
});
