/** A polynomial in one variable with integer coefficients, lowest first, without trailing zeros. */
export type Polynomial = readonly bigint[];

export const polynomial = (...coefficients: readonly (number | bigint)[]): Polynomial =>
  trimmed(coefficients.map(BigInt));

/** The variable itself. */
export const X: Polynomial = [0n, 1n];

export function added(p: Polynomial, q: Polynomial): Polynomial {
  return trimmed(Array.from({ length: Math.max(p.length, q.length) }, (_, i) => (p[i] ?? 0n) + (q[i] ?? 0n)));
}

export function multiplied(p: Polynomial, q: Polynomial): Polynomial {
  const product = new Array<bigint>(Math.max(0, p.length + q.length - 1)).fill(0n);
  p.forEach((a, i) => {
    q.forEach((b, j) => {
      product[i + j]! += a * b;
    });
  });
  return trimmed(product);
}

export function scaled(p: Polynomial, factor: number | bigint): Polynomial {
  return trimmed(p.map((a) => a * BigInt(factor)));
}

export const subtracted = (p: Polynomial, q: Polynomial): Polynomial => added(p, scaled(q, -1));

export function samePolynomial(p: Polynomial, q: Polynomial): boolean {
  return p.length === q.length && p.every((a, i) => a === q[i]);
}

/** The value at a number, by Horner's rule. */
export function evaluate(p: Polynomial, x: number): number {
  return p.reduceRight((value, a) => value * x + Number(a), 0);
}

function trimmed(coefficients: bigint[]): Polynomial {
  while (coefficients.at(-1) === 0n) coefficients.pop();
  return coefficients;
}
