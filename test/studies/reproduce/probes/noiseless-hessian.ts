/** Gradient and Hessian of −(1/k) Σ_a log softmax(W μ_a)_a from their definition; W and H over pairs (class, mean), row-major. */
export function softmaxHessian(k: number, weights: Float64Array) {
  const gradient = new Float64Array(k * k);
  const hessian = new Float64Array(k ** 4);
  for (let a = 0; a < k; a++) {
    const powers = Array.from({ length: k }, (_, c) => Math.exp(weights[c * k + a]!));
    const p = powers.map((x) => x / powers.reduce((s, y) => s + y));
    for (let c = 0; c < k; c++) {
      gradient[c * k + a] = (p[c]! - (c === a ? 1 : 0)) / k;
      for (let b = 0; b < k; b++) {
        hessian[(c * k + a) * k * k + b * k + a] = ((c === b ? p[c]! : 0) - p[c]! * p[b]!) / k;
      }
    }
  }
  return { gradient, hessian };
}
