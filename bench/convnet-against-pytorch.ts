import { architecture } from '../src/loss/network/architectures.js';
import { initialParameters } from '../src/loss/network/initial-weights.js';
import { crossEntropy } from '../src/loss/network/losses.js';
import { buildNetwork } from '../src/loss/network/network.js';
import { objective } from '../src/loss/network/objective.js';
import { networkSnapshot } from '../src/loss/network-snapshot.js';
import { randomStream } from '../src/numeric/random.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { describe, needPytorch, pytorchPeer, type PeerLayer } from './pytorch-peer.js';
import { line } from './ratio.js';

/**
 * The top 10 eigenpairs of the Hessian of the paper's ConvNet (568,000 parameters) on random images of 3×32×32 with random labels, at a residual of 1e-3, float32,
 * one thread: this package against PyTorch with its graph kept and ARPACK, in turns at the same weights, those of the start and those after some steps of gradient
 * descent. Seconds of loss, gradient and search.
 *
 *   npx tsx bench/convnet-against-pytorch.ts [STEPS] [SAMPLES]
 */
needPytorch();
const [steps, samples] = [Number(process.argv[2] ?? 20), Number(process.argv[3] ?? 256)];
const [top, tolerance, rate] = [10, 1e-3, 0.05];
const bounded = { top: top + 1, spare: 1, subspace: top }; // as `train` asks for
const [inputShape, outputs] = [[3, 32, 32], 10];
const modelLayers = architecture('convnet', inputShape, { outputs, activation: 'relu', bias: true });
const network = buildNetwork({ inputShape, outputs, layers: modelLayers, loss: crossEntropy }, 'evaluate');
const stream = randomStream(1, 'images');
const inputs = Float32Array.from({ length: samples * 3 * 32 * 32 }, () => stream.uniform());
const targets = new Float32Array(samples * outputs);
for (let i = 0; i < samples; i++) targets[i * outputs + stream.integer(outputs)] = 1;
const data = { count: samples, inputs, targets };
const runtime = await nativeRuntime();
const loss = objective(network, data, { runtime });

const stage: readonly PeerLayer[] = ['same convolution', 'relu', 'convolution', 'relu', 'pool'];
const layers: readonly PeerLayer[] = [...stage, ...stage, 'flatten', 'dense', 'relu', 'dense'];
const shapes = network.layout.specs.map(({ shape }) => shape);
let weights = Float32Array.from(initialParameters(network.layout, 'pytorch-default', 1));
const peer = pytorchPeer({ inputShape, layers, shapes, samples: data, weights }, 'cached');
console.log(await describe(peer, `onnxruntime-node ${runtime.env?.versions.node ?? ''}`));

line('step', '', 'seconds', 'products', 'ms a product', 'residual/λ₁', 'cached/this', 'Δλ/λ₁');
for (const step of [0, steps]) {
  if (step > 0) {
    for (let i = 0; i < steps; i++) {
      const { gradient } = await loss.evaluate(weights);
      weights = weights.map((x, j) => x - rate * gradient[j]!);
    }
    await peer.setWeights(weights);
  }
  const theirs = await peer.pairs({ top, tolerance });
  const { float32: residual } = await peer.check(['float32']);
  const row = (name: string, seconds: number, products: number, worst: number, difference: number): void => {
    line(step, name, seconds, products, (1000 * seconds) / products, worst, theirs.seconds / seconds, difference);
  };
  row('torch cached', theirs.seconds, theirs.products, residual, 0);
  for (const [name, options] of Object.entries({
    'pairs only': { top, effort: 0 },
    certain: { ...bounded },
    'f_top ± 1e-2': { ...bounded, accuracy: 1e-2 },
  })) {
    const began = performance.now();
    const given = { time: step, tolerance, blockSize: 1, verify: false, ...options };
    const { snapshot, pairs } = await networkSnapshot(loss, weights, given);
    const seconds = (performance.now() - began) / 1000;
    if (Math.abs(snapshot.loss / theirs.loss - 1) > 1e-4) throw new Error('these are different networks');
    const differences = theirs.values.map((value, j) => Math.abs(value - (pairs.values[j] ?? NaN)));
    row(
      name,
      seconds,
      pairs.products,
      Math.max(...pairs.residuals) / pairs.values[0]!,
      Math.max(...differences) / pairs.values[0]!,
    );
  }
}
peer.release();
await loss.release();
