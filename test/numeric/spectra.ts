import { randomStream } from '../../src/numeric/random.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';

/** An operator with a known spectrum in a random orthonormal basis: Q diag(values) Qᵀ, Q a product of Householder reflectors. */
export function operatorWithSpectrum(
  values: readonly number[],
  seed: number,
  reflections = 5,
): SymmetricOperator & { calls: number[] } {
  const n = values.length;
  const stream = randomStream(seed, 'operator', n);
  const reflectors = Array.from({ length: reflections }, () => {
    const v = Float64Array.from({ length: n }, () => stream.normal());
    const norm = Math.hypot(...v);
    return v.map((x) => x / norm);
  });
  const reflect = (x: Float64Array, u: Float64Array): void => {
    const inner = 2 * u.reduce((sum, ui, i) => sum + ui * x[i]!, 0);
    for (let i = 0; i < n; i++) x[i]! -= inner * u[i]!;
  };
  const calls: number[] = [];
  return {
    dimension: n,
    calls,
    apply(block, columns) {
      calls.push(columns);
      const result = block.slice();
      for (let j = 0; j < columns; j++) {
        const x = result.subarray(j * n, (j + 1) * n);
        for (const u of reflectors) reflect(x, u);
        for (let i = 0; i < n; i++) x[i]! *= values[i]!;
        for (const u of [...reflectors].reverse()) reflect(x, u);
      }
      return result;
    },
  };
}

/** Named spectra with exact multiplets, descending after sorting. */
export function namedSpectra(): { name: string; values: number[] }[] {
  const repeat = (value: number, times: number): number[] => new Array<number>(times).fill(value);
  const spectra: { name: string; values: number[] }[] = [];
  for (const k of [3, 4, 5, 6, 8, 10]) {
    const ratio = [1.5, 3, k][k % 3]!;
    spectra.push({
      name: `model, k = ${k}`,
      values: [...repeat(1, k), ...repeat(1 / ratio, k * (k - 2)), ...repeat(0, k * k)],
    });
    spectra.push({
      name: `one ${k}-fold level above a continuum`,
      values: [...repeat(2, k), ...Array.from({ length: 60 }, (_, i) => Math.exp(-i / 10))],
    });
    spectra.push({
      name: `graded ${k}-fold levels to 1e-12`,
      values: [0, -3, -6, -9, -12].flatMap((e) => repeat(10 ** e, k)),
    });
    spectra.push({
      name: `${k}-fold levels of both signs`,
      values: [3, 1, -1, -4].flatMap((value) => repeat(value, k)),
    });
    spectra.push({
      name: `nested multiplicities 1 … ${k}`,
      values: Array.from({ length: k }, (_, i) => repeat(k - i, i + 1)).flat(),
    });
    spectra.push({
      name: `${k}-fold level inside, below simple ones`,
      values: [5, 4, 3, ...repeat(2, k), ...Array.from({ length: 30 }, (_, i) => 1 / (i + 1)), ...repeat(0, 20)],
    });
    spectra.push({
      name: `${k}-fold level beside a near one at 1e-6`,
      values: [...repeat(1, k), ...repeat(1 - 1e-6, 2), ...Array.from({ length: 40 }, (_, i) => 0.5 / (i + 1))],
    });
    spectra.push({ name: `projector of rank ${k}`, values: [...repeat(1, k), ...repeat(0, 50)] });
    spectra.push({
      name: `bias, k = ${k}`,
      values: [
        ...repeat(2.6, k - 1),
        1,
        ...repeat(0.4, k - 1),
        ...repeat(1 / k, k * k - 3 * k + 1),
        ...repeat(0, 2 * k),
      ],
    });
  }
  return spectra;
}
