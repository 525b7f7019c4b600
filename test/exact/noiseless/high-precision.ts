import { create, all, type BigNumber } from 'mathjs';

/**
 * The noiseless model in 60-digit arithmetic, straight from its definitions: the reference for relative errors. The clock
 * integral is expanded in elementary symmetric polynomials here, and roots are polished by Newton's iteration.
 */
const math = create(all!, { number: 'BigNumber', precision: 60 });
export const big = (x: number): BigNumber => math.bignumber(x);

/** e^α + (k−1) α = t + 1. */
export function preciseMargin(classes: number, time: number, guess: number): BigNumber {
  const rest = big(classes - 1);
  let alpha = big(guess);
  for (let round = 0; round < 8; round++) {
    const exp = alpha.exp();
    alpha = alpha.minus(exp.plus(rest.times(alpha)).minus(big(time)).minus(1).div(exp.plus(rest)));
  }
  return alpha;
}

/** Probabilities p_0 … p_{k−1} for an input of class 0, from initial logits w(0) at time t. */
export function preciseProbabilities(logits: readonly number[], time: number, guess: number): BigNumber[] {
  const k = logits.length;
  const q = logits.slice(1).map((w) => big(w).minus(big(logits[0]!)).exp());
  let e = [big(1)]; // elementary symmetric polynomials of q
  for (const qc of q) e = [...e, big(0)].map((value, j) => (j === 0 ? value : value.plus(e[j - 1]!.times(qc))));
  let s = big(guess);
  for (let round = 0; round < 10; round++) {
    const logs = q.reduce((sum, qc) => sum.plus(s.times(qc).plus(1).ln()), big(0));
    const integral = e.reduce((sum, ej, j) => sum.plus(ej.times(s.pow(j + 1)).div(j + 1)), big(0));
    const product = e.reduce((sum, ej, j) => sum.plus(ej.times(s.pow(j))), big(0));
    const slope = q.reduce((sum, qc) => sum.plus(qc.div(s.times(qc).plus(1))), big(0)).plus(product);
    s = s.minus(logs.plus(integral).minus(big(time).div(k)).div(slope));
  }
  const product = e.reduce((sum, ej, j) => sum.plus(ej.times(s.pow(j))), big(0));
  const odds = q.map((qc) => qc.div(s.times(qc).plus(1)).div(product)); // p_c / p_0
  const total = odds.reduce((sum, x) => sum.plus(x), big(1));
  return [big(1).div(total), ...odds.map((x) => x.div(total))];
}

/** The root of Σ p_c/(p_c − λ) next to the guess. */
export function preciseEigenvalue(p: readonly BigNumber[], guess: number): BigNumber {
  let lambda = big(guess);
  for (let round = 0; round < 8; round++) {
    let f = big(0);
    let slope = big(0);
    for (const pc of p) {
      const gap = pc.minus(lambda);
      f = f.plus(pc.div(gap));
      slope = slope.plus(pc.div(gap.times(gap)));
    }
    lambda = lambda.minus(f.div(slope));
  }
  return lambda;
}

/** |computed / exact − 1|. */
export function relativeError(computed: number, exact: BigNumber): number {
  return big(computed).div(exact).minus(1).abs().toNumber();
}
