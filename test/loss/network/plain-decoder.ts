import { parts, type ParameterLayout } from '../../../src/loss/parameters.js';

type Matrix = number[][];

/** A decoder in plain loops, read off its definition: token ids of one sample → scores at each token. GELU is x Φ(x) with tanh. */
export function plainDecoder(
  layout: ParameterLayout,
  weights: Float64Array,
  tokens: readonly number[],
  { blocks, heads, isCausal }: { readonly blocks: number; readonly heads: number; readonly isCausal: boolean },
): Matrix {
  const w = parts(layout, weights);
  const row = (name: string, i: number, width: number): number[] =>
    Array.from(w[name]!.subarray(i * width, (i + 1) * width));
  const linear = (x: Matrix, name: string): Matrix =>
    x.map((v) => {
      const bias = w[`${name}.bias`];
      const units = w[`${name}.weight`]!.length / v.length;
      return Array.from({ length: units }, (_, o) => dot(row(`${name}.weight`, o, v.length), v) + (bias?.[o] ?? 0));
    });
  const norm = (x: Matrix, name: string): Matrix =>
    x.map((v) => {
      const mean = v.reduce((s, a) => s + a, 0) / v.length;
      const variance = v.reduce((s, a) => s + (a - mean) ** 2, 0) / v.length;
      return v.map(
        (a, j) => ((a - mean) / Math.sqrt(variance + 1e-5)) * w[`${name}.weight`]![j]! + w[`${name}.bias`]![j]!,
      );
    });
  const plus = (x: Matrix, y: Matrix): Matrix => x.map((v, t) => v.map((a, j) => a + y[t]![j]!));
  const width = w['norm.weight']!.length;
  const size = width / heads;
  const attend = (x: Matrix, name: string): Matrix => {
    const qkv = linear(x, `${name}.qkv`);
    const mixed = x.map(() => new Array<number>(width).fill(0));
    for (let h = 0; h < heads; h++) {
      const part = (t: number, which: number): number[] =>
        qkv[t]!.slice(which * width + h * size, which * width + (h + 1) * size);
      for (let t = 0; t < x.length; t++) {
        const seen = isCausal ? t + 1 : x.length;
        const e = Array.from({ length: seen }, (_, s) => Math.exp(dot(part(t, 0), part(s, 1)) / Math.sqrt(size)));
        const all = e.reduce((a, b) => a + b, 0);
        e.forEach((weight, s) => {
          part(s, 2).forEach((value, j) => (mixed[t]![h * size + j]! += (weight / all) * value));
        });
      }
    }
    return linear(mixed, `${name}.proj`);
  };
  const gelu = (a: number): number => 0.5 * a * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (a + 0.044715 * a ** 3)));
  let x: Matrix = tokens.map((id, t) =>
    row('token.weight', id, width).map((a, j) => a + row('position.weight', t, width)[j]!),
  );
  for (let b = 1; b <= blocks; b++) {
    x = plus(x, attend(norm(x, `block${b}.norm1`), `block${b}.attn`));
    const hidden = linear(norm(x, `block${b}.norm2`), `block${b}.mlp.fc1`);
    x = plus(
      x,
      linear(
        hidden.map((v) => v.map(gelu)),
        `block${b}.mlp.fc2`,
      ),
    );
  }
  return linear(norm(x, 'norm'), 'head');
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
