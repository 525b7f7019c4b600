import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readNpyFile } from '../src/files/npy-file.js';
import { lossOf } from '../src/loss/network/losses.js';
import { buildNetwork } from '../src/loss/network/network.js';
import { objective } from '../src/loss/network/objective.js';
import { givenModel } from '../src/loss/network/onnx-model.js';
import { defaultChunk } from '../src/loss/network/default-chunk.js';
import { readOnnx } from '../src/tensor/onnx/read.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { needPytorch } from './pytorch-peer.js';
import { line } from './ratio.js';

/**
 * Networks that PyTorch exports as ONNX (pytorch_exported.py): a decoder of two layers (d = 128, 4 heads, 32 tokens of 113) on 512 sequences, and ResNet-18 of width 16 on 256 images of
 * 3×32×32. Gradient and Hessian product here against PyTorch, whose graph is kept (`cached`) or made anew (`plain`), in turns, float32, one thread; both must have
 * the same gradient and product. And the import of a file of 50 MB. CPU seconds of
 * the process, which others on the machine disturb less than the clock, the best of some rounds.
 *
 *   npx tsx bench/exported-against-pytorch.ts [ROUNDS] [TASKS]
 */
needPytorch();
const rounds = Number(process.argv[2] ?? 5);
const runtime = await nativeRuntime();

interface Peer {
  readonly ask: (
    request: string,
    options?: object,
  ) => Promise<{ readonly seconds: number; readonly parameters?: string[]; readonly torch?: string }>;
  readonly folder: string;
  readonly floats: (name: string) => Float32Array;
  readonly release: () => void;
}

function peerOf(task: string): Peer {
  const folder = mkdtempSync(join(tmpdir(), 'pytorch-'));
  const script = join(import.meta.dirname, 'pytorch_exported.py');
  const child = spawn(process.env.PYTHON ?? 'python3', [script, folder, task], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    folder,
    async ask(request, options = {}) {
      child.stdin.write(`${JSON.stringify({ ask: request, ...options })}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error('PyTorch has ended');
      return JSON.parse(answer.value) as { seconds: number };
    },
    floats: (name) => new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer),
    release() {
      child.stdin.end();
      rmSync(folder, { recursive: true });
    },
  };
}

async function timed<T>(run: () => T | Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const began = process.cpuUsage();
  const value = await run();
  const { user, system } = process.cpuUsage(began);
  return { value, seconds: (user + system) / 1e6 };
}

function numbers(path: string): Float32Array {
  const { array } = readNpyFile(path);
  return Float32Array.from(array.rows(0, array.shape[0]!));
}

/** ‖a − b‖/‖b‖. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

for (const task of process.argv[3]?.split(',') ?? ['transformer', 'resnet18']) {
  const peer = peerOf(task);
  const { parameters, torch } = await peer.ask('export');
  const model = givenModel(readOnnx(new Uint8Array(readFileSync(join(peer.folder, 'network.onnx'))), task));
  const isText = task === 'transformer';
  const classes = model.outputShape.at(-1)!;
  const { of, correct } = lossOf(isText ? 'next-token' : 'cross-entropy');
  const inputs = numbers(join(peer.folder, 'x.npy'));
  const count = inputs.length / model.inputShape.reduce((product, extent) => product * extent, 1);
  const targets = new Float32Array(isText ? 0 : count * classes);
  if (!isText) numbers(join(peer.folder, 'y.npy')).forEach((label, i) => (targets[i * classes + label] = 1));
  const { inputShape, layers } = model;
  const targetShape = isText ? [] : [classes];
  const network = buildNetwork({ inputShape, outputs: classes, targetShape, layers, loss: of, correct }, 'evaluate');
  const { specs, size } = network.layout;
  const weights = Float32Array.from(specs.flatMap(({ name }) => [...model.weights.get(name)!]));
  const names = specs.map(({ name }) => name);
  if (String(names) !== String(parameters)) throw new Error(`the order of parameters differs: ${String(names)}`);
  const loss = objective(network, { count, inputs, targets }, { runtime });
  if (task === 'transformer') {
    console.log(
      `${cpus()[0]!.model}, one thread; Node ${process.versions.node}, onnxruntime-node ${runtime.env?.versions.node ?? ''}; PyTorch ${torch}`,
    );
  }
  console.log(`${task}: ${size} parameters, ${count} samples, ${defaultChunk(network)} at a time`);

  await peer.ask('keep');
  const best = { gradient: Infinity, product: Infinity, theirGradient: Infinity, cached: Infinity, plain: Infinity };
  for (let round = 0; round < rounds; round++) {
    const point = await timed(() => loss.evaluate(weights));
    const product = loss.curvature('hessian', weights);
    const Hg = await timed(() => product.apply(point.value.gradient, 1));
    const again = await timed(() => product.apply(point.value.gradient, 1));
    best.gradient = Math.min(best.gradient, point.seconds);
    best.product = Math.min(best.product, again.seconds);
    best.theirGradient = Math.min(best.theirGradient, (await peer.ask('gradient')).seconds);
    best.cached = Math.min(best.cached, (await peer.ask('product')).seconds);
    if (round === 0) {
      const differences = [
        distance(point.value.gradient, peer.floats('gradient.f32')),
        distance(Hg.value, peer.floats('product.f32')),
      ];
      if (!differences.every((x) => x < 1e-3)) throw new Error(`gradients or products differ: ${String(differences)}`);
      console.log(
        `relative difference of gradients ${differences[0]!.toExponential(1)}, of products ${differences[1]!.toExponential(1)}`,
      );
    }
    if (round < 2) best.plain = Math.min(best.plain, (await peer.ask('product', { kept: false })).seconds);
  }
  line('', 'here', 'torch', 'torch/here');
  line('gradient', best.gradient, best.theirGradient, best.theirGradient / best.gradient);
  line('product', best.product, best.cached, best.cached / best.product);
  line('(plain)', best.product, best.plain, best.plain / best.product);
  await loss.release();
  peer.release();
}

const peer = peerOf('large');
await peer.ask('export');
const bytes = new Uint8Array(readFileSync(join(peer.folder, 'network.onnx')));
const imports: number[] = [];
for (let round = 0; round < rounds; round++)
  imports.push((await timed(() => givenModel(readOnnx(bytes, 'large')))).seconds);
console.log(
  `import of ${(bytes.length / 1e6).toFixed(1)} MB: ${Math.min(...imports).toFixed(2)} s, the first time ${imports[0]!.toFixed(2)} s`,
);
peer.release();
