import { addCombinationsOf } from '../src/numeric/kernels/add-combinations.js';
import type { Precision } from '../src/numeric/kernels/float-array.js';
import { innerProductsWith } from '../src/numeric/kernels/inner-products.js';
import { addScaled, dot } from '../src/numeric/kernels/orthonormalise.js';
import { atOnce } from '../src/numeric/kernels/pausing.js';
import { vectorStore } from '../src/numeric/kernels/vector-store.js';
import { input, matmul } from '../src/tensor/autodiff/index.js';
import { compile, nativeRuntime } from '../src/tensor/engine/index.js';
import { line, race } from './ratio.js';

/**
 * Orthogonalisation: Vᵀy of p stored vectors and one or ten dense ones, and y ← y + V s, against loops of `dot` and `addScaled` over a Float64Array, and Vᵀy against
 * the product of ONNX Runtime with V as a float32 matrix, one thread, interleaved. GB/s is what is read of V.
 */
const runtime = await nativeRuntime();
console.log('ms a pass, best of 5; loop: one vector in float64; onnx: one vector in float32');
line('n', 'p', 'precision', 'inner', 'GB/s', 'add', 'GB/s', 'inner of 10', 'add of 10', 'loop', 'loop/inner', 'onnx');
for (const n of [90_000, 1_000_000]) {
  for (const p of [20, 60, 100]) {
    const columns = new Float64Array(n * p).map((_, i) => Math.sin(i));
    const y = new Float64Array(10 * n).map((_, i) => Math.cos(i));
    const one = y.subarray(0, n);
    const onnx = await matrixProduct(columns, p, one);
    for (const precision of ['f32', 'f64'] satisfies Precision[]) {
      const store = vectorStore(n, precision, p);
      store.write(0, columns);
      const v = store.part(0, p);
      const s = new Float64Array(10 * p).fill(1e-9);
      const [inner, add, innerTen, addTen, loop] = race(
        5,
        () => atOnce(innerProductsWith(v, one, 1)),
        () => {
          atOnce(addCombinationsOf(v, s, one, 1));
        },
        () => atOnce(innerProductsWith(v, y, 10)),
        () => {
          atOnce(addCombinationsOf(v, s, y, 10));
        },
        () => {
          for (let i = 0; i < p; i++) addScaled(1e-9 * dot(columns, i * n, one, 0, n), columns, i * n, one, 0, n);
        },
      ) as [number, number, number, number, number];
      const rate = (ms: number): number => (n * p * (precision === 'f32' ? 4 : 8)) / ms / 1e6;
      line(n, p, precision, inner, rate(inner), add, rate(add), innerTen, addTen, loop / 2, loop / 2 / inner, onnx);
    }
  }
}

/** Milliseconds of V y, V of p rows, in float32. */
async function matrixProduct(columns: Float64Array, p: number, y: Float64Array): Promise<number> {
  const n = y.length;
  const program = await compile(
    runtime,
    { product: matmul(input('v', [p, n]), input('y', [n, 1])) },
    { precision: 'f32' },
  );
  const inputs = { v: Float32Array.from(columns), y: Float32Array.from(y) };
  let best = Infinity;
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    await program.run(inputs, 1);
    best = Math.min(best, performance.now() - start);
  }
  await program.release();
  return best;
}
