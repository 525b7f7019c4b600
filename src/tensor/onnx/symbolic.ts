import { size } from '../autodiff/value.js';
import type { Call } from './call.js';
import { known, type Known } from './operand.js';

/** a + b·n. */
export interface Affine {
  readonly fixed: number;
  readonly samples: number;
}

export const affine = (fixed: number, samples = 0): Affine => ({ fixed, samples });

export const entriesOfKnown = ({ data, samples }: Known): Affine[] =>
  Array.from(data, (fixed, i) => affine(fixed, samples?.[i]));

export const ofAffine = (like: Pick<Known, 'type' | 'shape'>, entries: readonly Affine[]): Known =>
  known(
    like.type,
    like.shape,
    Float64Array.from(entries, ({ fixed }) => fixed),
    Float64Array.from(entries, ({ samples }) => samples),
  );

/** An operation on two numbers that may hold n. `fail` says why where the result depends on n in a way that no shape has. */
export type Binary = (a: Affine, b: Affine, fail: Call['fail']) => Affine;

export const times: Binary = (a, b, fail) => {
  if (a.samples !== 0 && b.samples !== 0) fail('it multiplies the number of samples by itself');
  return affine(a.fixed * b.fixed, a.fixed * b.samples + a.samples * b.fixed);
};

/** Integers divided towards 0, as far as the quotient is the same expression for every n. */
export const quotient: Binary = (a, b, fail) => {
  if (b.samples === 0) {
    const [fixed, samples] = [a.fixed / b.fixed, a.samples / b.fixed];
    if (a.samples === 0) return affine(Math.trunc(fixed));
    if (Number.isInteger(fixed) && Number.isInteger(samples)) return affine(fixed, samples);
  } else if (a.fixed * b.samples === a.samples * b.fixed && a.samples % b.samples === 0) {
    return affine(a.samples / b.samples);
  }
  return fail('the number of samples is divided by what it may not be a multiple of');
};

export const remainder: Binary = (a, b, fail) => {
  if (b.samples !== 0 || a.samples % b.fixed !== 0) fail('a remainder depends on the number of samples');
  return affine(((a.fixed % b.fixed) + b.fixed) % b.fixed);
};

/** The sign of a − b where it is the same for every n ≥ 1; with `weak`, 0 may join either sign. */
function order(a: Affine, b: Affine, weak: boolean): number | undefined {
  const [slope, first] = [a.samples - b.samples, a.fixed - b.fixed + a.samples - b.samples];
  if (slope === 0) return Math.sign(first);
  if (Math.sign(first) === Math.sign(slope) || (weak && first === 0)) return Math.sign(slope);
  return undefined;
}

const undecided = 'it compares the number of samples with a number, and both answers are possible';

/** A comparison by the sign of a − b, of 1 for true and 0 for false. */
export const compared =
  (holds: (sign: number) => boolean): Binary =>
  (a, b, fail) => {
    const sign = order(a, b, false);
    return affine(sign === undefined ? fail(undecided) : Number(holds(sign)));
  };

/** Equality, also where n = n₀ is possible for no n₀ ≥ 1. */
export const same: Binary = (a, b, fail) => {
  const slope = a.samples - b.samples;
  if (slope === 0) return affine(Number(a.fixed === b.fixed));
  const root = (b.fixed - a.fixed) / slope;
  return affine(root >= 1 && Number.isInteger(root) ? fail(undecided) : 0);
};

export const larger: Binary = (a, b, fail) => ((order(a, b, true) ?? fail(undecided)) >= 0 ? a : b);
export const smaller: Binary = (a, b, fail) => ((order(a, b, true) ?? fail(undecided)) <= 0 ? a : b);

/** The operator of a call on its known inputs, the result of the type given or that of the first. */
export const affinely =
  (operation: Binary, type?: Known['type']) =>
  (call: Call): Known => {
    const inputs = Array.from({ length: call.count }, (_, i) => call.known(i));
    return inputs.reduce((a, b) => {
      const shape = stretchedShape(a.shape, b.shape) ?? call.fail('the shapes of its inputs do not broadcast');
      const [x, y] = [entriesOfKnown(a), entriesOfKnown(b)];
      const entries = Array.from({ length: size(shape) }, (_, i) =>
        operation(x[stretchedIndex(i, shape, a.shape)]!, y[stretchedIndex(i, shape, b.shape)]!, call.fail),
      );
      return ofAffine({ type: type ?? a.type, shape }, entries);
    });
  };

function stretchedShape(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const pairs = Array.from(
    { length: rank },
    (_, i) => [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1] as const,
  );
  return pairs.some(([x, y]) => x !== y && x !== 1 && y !== 1) ? undefined : pairs.map(([x, y]) => (x === 1 ? y : x));
}

function stretchedIndex(index: number, whole: readonly number[], part: readonly number[]): number {
  let [rest, at, stride] = [index, 0, 1];
  for (let axis = whole.length - 1; axis >= 0; axis--) {
    const [place, length] = [rest % whole[axis]!, part[axis - whole.length + part.length] ?? 1];
    rest = Math.floor(rest / whole[axis]!);
    if (length > 1) at += place * stride;
    stride *= length;
  }
  return at;
}
