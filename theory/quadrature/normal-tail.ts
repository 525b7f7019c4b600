/**
 * Mills' ratio R(x) = (1 − Φ(x))/φ(x) of the standard normal law, x ≥ 0, to a relative 1e-14: by Taylor's series about the nearest multiple of
 * 1/8, since R′ = xR − 1 and R⁽ⁿ⁺¹⁾ = x R⁽ⁿ⁾ + n R⁽ⁿ⁻¹⁾. The series are kept.
 */
export function mills(x: number): number {
  const node = Math.round(8 * x);
  const series = (expansions[node] ??= expansion(node / 8));
  const d = x - node / 8;
  let value = 0;
  for (let n = terms - 1; n >= 0; n--) value = value * d + series[n]!;
  return value;
}

const terms = 12;
const expansions: Float64Array[] = [];

/** R⁽ⁿ⁾(x)/n!, with n + 1 coefficients c_n from (n + 1) c_{n+1} = x c_n + c_{n−1}. */
function expansion(x: number): Float64Array {
  const c = new Float64Array(terms);
  c[0] = millsAt(x);
  c[1] = x < 1.5 ? x * c[0] - 1 : -fractionTail(x) * c[0];
  for (let n = 1; n + 1 < terms; n++) c[n + 1] = (x * c[n]! + c[n - 1]!) / (n + 1);
  return c;
}

/** Below 1.5 from Φ(x) = 1/2 + φ(x) Σ x^{2n+1}/(2n+1)!!, above from the continued fraction 1/(x + 1/(x + 2/(x + …))). */
function millsAt(x: number): number {
  if (x >= 1.5) return 1 / (x + fractionTail(x));
  let [term, sum] = [x, x];
  for (let n = 3; term > sum * 1e-18; n += 2) sum += term *= x ** 2 / n;
  return Math.sqrt(Math.PI / 2) * Math.exp(x ** 2 / 2) - sum;
}

/** 1/(x + 2/(x + 3/(x + …))) = 1/R − x. */
function fractionTail(x: number): number {
  let rest = x;
  for (let n = Math.ceil(20 + 600 / x ** 2); n > 1; n--) rest = x + n / rest;
  return 1 / rest;
}
