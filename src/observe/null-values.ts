/** E f_top(m) for a direction uniform on the sphere in `parameters` dimensions: m / parameters, since E[ĝĝᵀ] = 1/dim. */
export function randomFractionNull(m: number, parameters: number): number {
  return m / parameters;
}

/** E Tr(P P′)/k for a k-dimensional subspace and a uniformly random one: k / parameters. */
export function randomOverlapNull(k: number, parameters: number): number {
  return k / parameters;
}

/**
 * overlap(g, Hg) of g = Σ ± v_i over the top k eigenvectors with λ_i ∝ i: Σ λ / √(k Σ λ²) = √(3(k+1) / (2(2k+1))), whatever the
 * signs. It tends to √(3/4) as k → ∞, GRD18's null value.
 */
export function linearSpectrumOverlapNull(k: number): number {
  return k === Infinity ? Math.sqrt(3 / 4) : Math.sqrt((3 * (k + 1)) / (2 * (2 * k + 1)));
}
