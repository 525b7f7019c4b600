/** Nodes and weights of a quadrature rule on [0, 1]; `complements[i]` = 1 − nodes[i] without cancellation. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly complements: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre rule on [0, 1]: ∫₀¹ f(y) dy = Σ w_i f(y_i), exact for polynomials of degree ≤ 2 · points − 1.
 *
 * Newton's iteration on the three-term recurrence of P_n, with the angle θ = arccos x as the unknown, so that nodes near
 * the ends keep their relative accuracy. Weights are positive. Cost: O(points²), once.
 */
export function gaussLegendre(points: number): QuadratureRule {
  const nodes = new Float64Array(points);
  const complements = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    let theta = ((i + 0.75) / (points + 0.5)) * Math.PI;
    let slope = 0; // dP_n/dθ
    for (let round = 0; round < 6; round++) {
      const x = Math.cos(theta);
      let previous = 1;
      let p = x;
      for (let n = 2; n <= points; n++) [previous, p] = [p, ((2 * n - 1) * x * p - (n - 1) * previous) / n];
      slope = (points * (x * p - previous)) / Math.sin(theta);
      theta -= p / slope;
    }
    nodes[i] = Math.sin(theta / 2) ** 2;
    complements[i] = Math.cos(theta / 2) ** 2;
    weights[i] = 1 / slope ** 2;
  }
  return { nodes, complements, weights };
}
