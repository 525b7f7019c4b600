import { added, samePolynomial, multiplied, polynomial, scaled, subtracted, X, type Polynomial } from './polynomial.js';

/** A vector on the k×(k or k+1) coordinates of the mean space: rows are classes, columns are means (and the bias). */
export type ClassMatrix = readonly (readonly bigint[])[];

/**
 * k Z² H X at the symmetric point, exactly, as polynomials in x = e^α, Z = x + k − 1. There p_a = x/Z for the true class and
 * 1/Z for the others, so Z² S has polynomial entries: p_c p_c′ Z² is x, 1 or x². Written from H = (1/k) Σ_a S_a ⊗ x_a x_aᵀ
 * with S = diag(p) − ppᵀ, inputs x_a = μ_a or, with biases, (μ_a, 1).
 */
export function applyHessian(k: number, matrix: ClassMatrix, bias = false): Polynomial[][] {
  const Z = polynomial(k - 1, 1);
  const width = bias ? k + 1 : k;
  const result = Array.from({ length: k }, () => Array.from({ length: width }, () => polynomial()));
  for (let a = 0; a < k; a++) {
    const p = (c: number): Polynomial => (c === a ? X : polynomial(1)); // Z p_c
    const logits = Array.from({ length: k }, (_, c) => matrix[c]![a]! + (bias ? matrix[c]![k]! : 0n));
    if (logits.every((u) => u === 0n)) continue; // S_a is linear
    const average = logits.reduce((sum, u, c) => added(sum, scaled(p(c), u)), polynomial()); // Z pᵀu
    logits.forEach((u, c) => {
      const moved = multiplied(p(c), subtracted(scaled(Z, u), average)); // Z² (S u)_c
      result[c]![a] = added(result[c]![a]!, moved);
      if (bias) result[c]![k] = added(result[c]![k]!, moved);
    });
  }
  return result;
}

/** Is k Z² H X = eigenvalue · X, where `eigenvalue` is k Z² λ as a polynomial in x? */
export function isEigenvector(k: number, matrix: ClassMatrix, eigenvalue: Polynomial, bias = false): boolean {
  return applyHessian(k, matrix, bias).every((row, c) =>
    row.every((entry, a) => samePolynomial(entry, scaled(eigenvalue, matrix[c]![a]!))),
  );
}

/** k Z² λ₁ = k x and k Z² λ₂ = Z: from ε = (k−1)/Z, λ₁ = ε(1−ε)/(k−1) and λ₂ = ε/(k(k−1)). */
export const firstLevel = (k: number): Polynomial => polynomial(0, k);
export const secondLevel = (k: number): Polynomial => polynomial(k - 1, 1);

/** The matrix with a column in one place: column ⊗ μ_a. */
export function inColumn(k: number, a: number, column: readonly bigint[], width = k): ClassMatrix {
  return column.map((entry) => Array.from({ length: width }, (_, f) => (f === a ? entry : 0n)));
}

/** k n_a = k e_a − 1. */
export function centred(k: number, a: number): bigint[] {
  return Array.from({ length: k }, (_, c) => (c === a ? BigInt(k - 1) : -1n));
}

/** e_b − e_c. */
export function difference(k: number, b: number, c: number): bigint[] {
  return Array.from({ length: k }, (_, i) => (i === b ? 1n : i === c ? -1n : 0n));
}
