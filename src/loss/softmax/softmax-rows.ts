/**
 * z → p in place, r the leading class; returns −log p_label = log(1 + B) + z_r − z_label with B = Σ_{c ≠ r} e^{z_c − z_r}: no term is
 * negative, so that small losses keep their relative accuracy and large ones stay finite.
 */
export function softmaxInPlace(z: Float64Array, leading: number, label: number): number {
  const largest = z[leading]!;
  const behind = largest - z[label]!;
  let odds = 0;
  for (let c = 0; c < z.length; c++) {
    const e = Math.exp(z[c]! - largest);
    z[c] = e;
    if (c !== leading) odds += e;
  }
  for (let c = 0; c < z.length; c++) z[c]! /= 1 + odds;
  return Math.log1p(odds) + behind;
}

/** p → p − e_label in place, with 1 − p_label as the sum of the others. */
export function subtractLabel(p: Float64Array, label: number): void {
  let others = 0;
  for (let c = 0; c < p.length; c++) if (c !== label) others += p[c]!;
  p[label] = -others;
}

export function firstLargest(z: Float64Array): number {
  let at = 0;
  for (let c = 1; c < z.length; c++) if (z[c]! > z[at]!) at = c;
  return at;
}
