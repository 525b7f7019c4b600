import { input, matmul, type Tensor } from '../src/tensor/autodiff/index.js';
import { compile, nativeRuntime, type Precision } from '../src/tensor/engine/index.js';
import { architecture } from '../src/loss/network/architectures.js';
import { directionInputs, gradientGraph, productGraph } from '../src/loss/network/curvature-graphs.js';
import { crossEntropy } from '../src/loss/network/losses.js';
import { buildNetwork, type Network } from '../src/loss/network/network.js';
import { objective } from '../src/loss/network/objective.js';
import { randomStream } from '../src/numeric/random.js';
import { zeros, type FloatArray } from '../src/numeric/kernels/float-array.js';
import { line } from './ratio.js';

/**
 * Gradient, Hessian products and blocks of them against ONNX Runtime's own Gemm of as many floating-point operations, one thread,
 * interleaved: a square product of 1024, and one of the shape of the first layer.
 */
const runtime = await nativeRuntime();
const stream = randomStream(1, 'bench');
const random = (precision: Precision, length: number): FloatArray =>
  zeros(precision, length).map(() => 0.1 * stream.normal());

function built(model: string, inputShape: readonly number[]): Network {
  const layers = architecture(model, inputShape, { outputs: 10, activation: 'relu', bias: true });
  return buildNetwork({ inputShape, outputs: 10, layers, loss: crossEntropy }, 'evaluate');
}

/** Best of several interleaved rounds, ms. */
async function race(rounds: number, contenders: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const best = contenders.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of contenders.entries()) {
      const start = performance.now();
      await run();
      best[i] = Math.min(best[i]!, performance.now() - start);
    }
  }
  return best;
}

async function ratios(
  model: string,
  inputShape: readonly number[],
  n: number,
  chunk: number,
  precision: Precision,
  rounds: number,
  gflop: readonly number[],
): Promise<void> {
  const network = built(model, inputShape);
  const parameters = { names: network.layout.specs.map(({ name }) => name), tensors: network.parameters };
  const products = (columns: number) =>
    productGraph(network, parameters, 'hessian', directionInputs(parameters, columns));
  const gradient = { loss: network.loss, ...gradientGraph(network, parameters) };
  const graphs: Record<string, Record<string, Tensor>> = {
    gradient,
    'gradient + Hv': { ...gradient, ...products(1) },
    ...(gflop.length > 2 ? { 'block of 10 Hv': products(10) } : {}),
  };
  const features = inputShape.reduce((product, dim) => product * dim, 1);
  const feeds: Record<string, FloatArray> = {};
  const give = (tensor: Tensor, length: number): void => {
    if (tensor.operation.kind === 'input') feeds[tensor.operation.name] = random(precision, length);
  };
  const size = ({ shape }: Tensor): number => (shape as readonly number[]).reduce((product, dim) => product * dim, 1);
  for (const tensor of [...network.parameters, ...directionInputs(parameters, 10).flat()]) give(tensor, size(tensor));
  const x = random(precision, n * features);
  const y = random(precision, n * 10);
  const runs: (() => Promise<unknown>)[] = [];
  for (const outputs of Object.values(graphs)) {
    const program = await compile(runtime, outputs, { precision });
    runs.push(async () => {
      for (let from = 0; from < n; from += chunk) {
        const to = Math.min(n, from + chunk);
        const batch = { x: x.subarray(from * features, to * features), y: y.subarray(from * 10, to * 10) };
        await program.run({ ...feeds, ...batch }, to - from);
      }
    });
  }
  const shapes = [
    [1024, 1024, 1024],
    [1000, 784, 100],
  ] as const;
  for (const [rows, inner, columns] of shapes) {
    const [a, b] = [input('a', [rows, inner]), input('b', [columns, inner])];
    const product = await compile(runtime, { c: matmul(a, b, { transposeB: true }) }, { precision });
    const operands = { a: random(precision, rows * inner), b: random(precision, columns * inner) };
    runs.push(() => product.run(operands, 1));
  }
  const times = await race(rounds, runs);
  const speeds = shapes.map(
    ([rows, inner, columns], i) => (2e-9 * rows * inner * columns) / (times[Object.keys(graphs).length + i]! / 1000),
  );
  Object.keys(graphs).forEach((name, i) => {
    const limit = speeds.map((speed) => (1000 * gflop[i]!) / speed);
    line(`${model} ${precision}`, name, times[i]!, times[i]! / limit[0]!, times[i]! / limit[1]!);
  });
}

console.log('ms, best of 12, interleaved; over a Gemm of as many operations: 1024³, and 1000×784×100');
line('network', 'what', 'ms', 'over square', 'over layer');
const gradientFlops = 1.898;
for (const precision of ['f32', 'f64'] as const) {
  await ratios('mlp:100,100', [784], 5000, 1000, precision, 12, [gradientFlops, 4.126, gradientFlops + 22.28]);
}
// Each convolution or dense layer: forward, gradient by weights and, but for the first, by inputs; tangents about twice that.
const layers = [32 * 32 * 32 * 27, 30 * 30 * 32 * 288, 15 * 15 * 64 * 288, 13 * 13 * 64 * 576, 2304 * 512, 5120];
const multiplications = layers.reduce((sum, value) => sum + value, 0);
const conv = (2 * 256 * (3 * multiplications - layers[0]!)) / 1e9;
const convTangent = (2 * 256 * (6 * multiplications - 4 * layers[0]!)) / 1e9;
await ratios('convnet', [3, 32, 32], 256, 32, 'f32', 3, [conv, conv + convTangent]);

console.log('\ngrowth with n: MLP 784-100-100-10, f32, one Hv, primal kept where it fits in 256 MB');
line('n', 'ms', 'ms/1000', 'RSS MB');
for (const n of [5000, 15_000, 30_000, 60_000]) {
  const network = built('mlp:100,100', [784]);
  const samples = { count: n, inputs: zeros('f32', n * 784).fill(0.1), targets: zeros('f32', n * 10).fill(0.1) };
  const measured = objective(network, samples, { runtime });
  const weights = random('f32', network.layout.size);
  const H = measured.curvature('hessian', weights);
  const v = Float64Array.from(random('f64', network.layout.size));
  await H.apply(v, 1);
  const [ms] = await race(3, [() => H.apply(v, 1)]);
  line(n, ms!, (1000 * ms!) / n, process.memoryUsage().rss / 1e6);
  await measured.release();
}
