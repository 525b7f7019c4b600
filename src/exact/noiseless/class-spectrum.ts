import { bracketedRoot } from '../../numeric/quadrature/bracketed-root.js';
import { helmertVector } from './helmert-basis.js';

/** An eigenvalue of S = diag(p) − ppᵀ with a unit eigenvector. */
export interface ClassEigenpair {
  readonly value: number;
  readonly vector: Float64Array;
}

/** Equal probabilities, taken together: a pole of the secular equation. */
interface Pole {
  readonly p: number;
  readonly members: readonly number[];
}

/**
 * The k − 1 positive eigenpairs of S = diag(p) − ppᵀ, Σp = 1, p > 0, descending and one at a time: only those that are
 * asked for are computed. (The last eigenpair is 0 with the vector 1, and is not listed.)
 *
 * Σp = 1 turns the secular equation 1 − Σ p_c²/(p_c − λ) = 0 into λ Σ p_c/(p_c − λ) = 0: one root strictly between every
 * two distinct p, and each p shared by n classes is itself an eigenvalue n − 1 times. A root is found as its distance
 * from the nearer pole, so that λ and the vector v_c ∝ p_c/(p_c − λ) keep full relative accuracy even where roots crowd
 * against poles. Source: Golub (1973), §5; Gu & Eisenstat (1994). Cost: O(k) per evaluation, about 10 per root.
 */
export function* classEigenpairs(p: Float64Array): Generator<ClassEigenpair, void, undefined> {
  const poles = distinctPoles(p);
  for (let j = 0; j < poles.length; j++) {
    yield* equalProbabilities(poles[j]!, p.length);
    if (j + 1 < poles.length) yield rootBetween(poles, j, p.length);
  }
}

function distinctPoles(p: Float64Array): Pole[] {
  const order = [...p.keys()].sort((a, b) => p[b]! - p[a]!);
  const poles: { p: number; members: number[] }[] = [];
  for (const c of order) {
    const last = poles.at(-1);
    if (last?.p === p[c]!) last.members.push(c);
    else poles.push({ p: p[c]!, members: [c] });
  }
  return poles;
}

/** n equal probabilities: eigenvalue p on the vectors of zero sum over them, in Helmert's basis. */
function* equalProbabilities({ p, members }: Pole, size: number): Generator<ClassEigenpair> {
  for (let n = 1; n < members.length; n++) {
    const vector = new Float64Array(size);
    helmertVector(members.length, n).forEach((entry, i) => {
      vector[members[i]!] = entry;
    });
    yield { value: p, vector };
  }
}

/** The root in (poles[j + 1].p, poles[j].p). */
function rootBetween(poles: readonly Pole[], j: number, size: number): ClassEigenpair {
  const above = poles[j]!.p;
  const below = poles[j + 1]!.p;
  const half = (above - below) / 2;
  // F(λ) = Σ p/(p − λ) rises from −∞ to ∞ across the interval; δ is the signed distance of λ from the origin pole.
  const secularAt = (origin: number, delta: number): number => {
    let sum = 0;
    for (const pole of poles) sum += (pole.members.length * pole.p) / (pole.p - origin - delta);
    return sum;
  };
  const nearBelow = secularAt(below, half) > 0;
  const [origin, sign] = nearBelow ? [below, 1] : [above, -1];
  const weight = poles[nearBelow ? j + 1 : j]!;
  // δ F(δ) is finite at the pole itself, where it equals −(its weight) up to the sign of δ.
  const scaled = (distance: number): number =>
    distance === 0 ? -weight.members.length * weight.p : sign * distance * secularAt(origin, sign * distance);
  const delta = sign * bracketedRoot(scaled, 0, half);

  const vector = new Float64Array(size);
  let norm = 0;
  for (const pole of poles) {
    const entry = pole.p / (pole.p - origin - delta);
    for (const c of pole.members) vector[c] = entry;
    norm += pole.members.length * entry ** 2;
  }
  norm = Math.sqrt(norm);
  for (let c = 0; c < size; c++) vector[c]! /= norm;
  return { value: origin + delta, vector };
}
