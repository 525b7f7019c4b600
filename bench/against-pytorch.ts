import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchSchedule } from '../src/data/batch-schedule.js';
import { parseDataSource } from '../src/data/data-source.js';
import { classTargets } from '../src/data/dataset.js';
import { loadDataset } from '../src/data/load-dataset.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../src/train/train-config.js';
import { trainProblem } from '../src/train/train-problem.js';
import { train } from '../src/train/train.js';
import { line } from './ratio.js';

/**
 * The top 20 eigenpairs every 10 of 300 SGD steps, MNIST, 784-100-100-10 ReLU, 5000 images, one thread: this package against PyTorch and
 * SciPy's ARPACK, from the same weights and batches. `python3` with torch and scipy is needed; PYTHON names another.
 */
const python = process.env.PYTHON ?? 'python3';
const steps = Number(process.argv[2] ?? 300);
const every = 10;
const modes = (process.argv[3] ?? 'cached,plain').split(',');
if (spawnSync(python, ['-c', 'import torch, scipy']).status !== 0) {
  console.log(`skipped: ${python} has no torch and scipy (name one that has in PYTHON)`);
  process.exit(0);
}

const samples = 4992; // 78 batches of 64
const config: TrainConfig = {
  ...trainDefaults,
  data: { ...trainDefaults.data, samples },
  steps,
  measureEvery: every,
};
const runtime = await nativeRuntime();
const folder = mkdtempSync(join(tmpdir(), 'pytorch-'));
const { train: data } = loadDataset(parseDataSource('mnist'), { samples, pixels: 'unit', precision: 'f32', seed: 1 });
const problem = await trainProblem(config, runtime);
const schedule = batchSchedule(samples, 64, config.seed);
const bytes = (array: Float32Array | Uint32Array | Uint8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
writeFileSync(join(folder, 'images.f32'), bytes(data.inputs as Float32Array));
writeFileSync(join(folder, 'labels.u8'), Uint8Array.from(classTargets(data).labels));
const batches = Array.from({ length: steps }, (_, step) => [...schedule(step)]);
writeFileSync(join(folder, 'batches.u32'), bytes(Uint32Array.from(batches.flat())));
writeFileSync(join(folder, 'weights.f32'), bytes(problem.initial as Float32Array));
const about = { sizes: [784, 100, 100, 10], steps, every, top: 20, subspace: 10, tolerance: 1e-3, learningRate: 0.1 };
writeFileSync(join(folder, 'config.json'), JSON.stringify(about));

interface Peer {
  readonly seconds: number;
  readonly products: number;
  readonly matrixProductMs: number;
  readonly records: readonly {
    readonly step: number;
    readonly topFraction: number;
    readonly residual?: number;
    readonly values: readonly number[];
  }[];
}

const ours = async (name: string, changes: Partial<TrainConfig>) => {
  const started = performance.now();
  const { records, summary } = await train({ ...config, ...changes }, { runtime });
  return { name, seconds: (performance.now() - started) / 1000, records, products: summary.hessianVectorProducts };
};

const peers = new Map<string, Peer>();
const runs: Awaited<ReturnType<typeof ours>>[] = [];
for (const mode of modes) {
  const { stdout, stderr, status } = spawnSync(python, ['bench/pytorch_run.py', folder, mode], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  peers.set(mode, JSON.parse(stdout) as Peer);
  if (runs.length === 0) {
    runs.push(await ours('residual 1e-3', {}));
    runs.push(await ours('residual 1e-4', { tolerance: 1e-4 }));
    runs.push(await ours('f_top ± 1e-3', { top: 10, accuracy: 1e-3 }));
  }
}
rmSync(folder, { recursive: true });

line('run', 'seconds', 'products', 'residual/λ₁', ...modes.map((mode) => `${mode}/this`), 'max Δf_top');
for (const [mode, peer] of peers) {
  const residual = Math.max(...peer.records.map((record) => record.residual ?? 0));
  line(`PyTorch ${mode}`, peer.seconds, peer.products, residual);
}
for (const { name, seconds, products, records } of runs) {
  const reference = [...peers.values()][0]!.records;
  const differences = records.map(({ topFraction }, i) => Math.abs(topFraction.lower - reference[i]!.topFraction));
  const residual = Math.max(...records.map(({ residuals, eigenvalues }) => Math.max(...residuals) / eigenvalues[0]!));
  const ratios = modes.map((mode) => peers.get(mode)!.seconds / seconds);
  line(name, seconds, products, residual, ...ratios, Math.max(...differences));
}
console.log(
  `a 1024³ product took PyTorch ${[...peers.values()].map((p) => p.matrixProductMs.toFixed(1)).join(', ')} ms; ` +
    'seconds of this package include loading the data and testing accuracy',
);
