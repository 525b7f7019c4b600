import { added, multiplied, polynomial, samePolynomial, subtracted, X, type Polynomial } from '../exact/polynomial.js';

/** Square matrices of polynomials in x. */
type PolynomialMatrix = readonly (readonly Polynomial[])[];

/** Z² S of the symmetric line, S = diag(p) − ppᵀ with Zp = (x, 1, …, 1) and Z = x + k − 1. */
function scaledBlock(k: number): PolynomialMatrix {
  const Z = polynomial(k - 1, 1);
  const p = Array.from({ length: k }, (_, c) => (c === 0 ? X : polynomial(1)));
  return p.map((pc, c) => p.map((pb, b) => subtracted(c === b ? multiplied(Z, pc) : polynomial(), multiplied(pc, pb))));
}

/**
 * det(y − A) by Faddeev and LeVerrier: its coefficients, that of yᵏ first. Divisions are by integers, and exact.
 */
function characteristicPolynomial(A: PolynomialMatrix): Polynomial[] {
  const coefficients = [polynomial(1)];
  let M: PolynomialMatrix = A.map((row) => row.map(() => polynomial()));
  for (let m = 1; m <= A.length; m++) {
    const last = coefficients.at(-1)!;
    const next = product(A, M).map((row, i) => row.map((entry, j) => (i === j ? added(entry, last) : entry)));
    const trace = product(A, next).reduce((sum, row, i) => added(sum, row[i]!), polynomial());
    coefficients.push(trace.map((c) => -c / BigInt(m)));
    M = next;
  }
  return coefficients;
}

const product = (A: PolynomialMatrix, B: PolynomialMatrix): Polynomial[][] =>
  A.map((row) => row.map((_, j) => row.reduce((sum, a, i) => added(sum, multiplied(a, B[i]![j]!)), polynomial())));

/** Is det(y − Z²S) = y (y − kx)(y − Z)^{k−2}, in exact polynomials: levels kx/Z² and 1/Z of S, 1 and k−2 of them? */
export function hasCharacteristicPolynomial(k: number): boolean {
  const roots = [polynomial(), polynomial(0, k), ...Array.from({ length: k - 2 }, () => polynomial(k - 1, 1))];
  const expanded = roots.reduce<Polynomial[]>(
    (coefficients, root) =>
      [...coefficients, polynomial()].map((c, i) =>
        i === 0 ? c : subtracted(c, multiplied(root, coefficients[i - 1]!)),
      ),
    [polynomial(1)],
  );
  const found = characteristicPolynomial(scaledBlock(k));
  return found.every((c, i) => samePolynomial(c, expanded[i]!));
}
