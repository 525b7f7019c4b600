import { blockLanczosAsync } from '../src/numeric/lanczos/block-lanczos.js';
import { residualNorms } from '../src/numeric/lanczos/true-residuals.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { trainProblem } from '../src/train/train-problem.js';
import { trainedWeights } from './measured-run.js';
import { mnistConfig, mnistTask } from './mnist-task.js';
import { describe, needPytorch, pytorchPeer, type PeerPairs } from './pytorch-peer.js';
import { line } from './ratio.js';

/**
 * The top 10 eigenpairs of the Hessian of the MLP of against-pytorch.ts after 300 steps, from random starts: block Lanczos against ARPACK over the cached graph
 * of PyTorch, at the same weights, products in float32. ARPACK's basis is float64, and its tolerance the loosest of a list, a factor of two apart, with which
 * its worst residual over λ₁ is below the level asked for; ours is the level. Residuals are checked by products of their own, in both precisions, which
 * nobody is timed for. Seconds are the best of some rounds, interleaved; the pass over the samples that products share is in them.
 *
 *   npx tsx bench/eigenpairs-against-arpack.ts [STEPS] [LEVELS] [ROUNDS] [PEERS] [SAMPLES]
 *
 * PEERS: `all` pixels, or `used` ones. `pairs only`: without a search for what was overlooked, as ARPACK has none; `certain`: with it.
 */
needPytorch();
const steps = Number(process.argv[2] ?? 300);
const levels = (process.argv[3] ?? '1e-5,5e-7').split(',').map(Number);
const rounds = Number(process.argv[4] ?? 3);
const pixels = (process.argv[5] ?? 'all').split(',') as ('all' | 'used')[];
const top = 10;
const mostRestarts = 300;
const problem = await trainProblem({ ...mnistConfig(Number(process.argv[6] ?? 4992)), steps }, await nativeRuntime());
const { objective, run } = problem;
const weights = await trainedWeights(problem);
const peers = pixels.map((name) => ({ name, ...pytorchPeer(mnistTask(problem, weights, name), 'cached') }));
console.log(await describe(peers[0]!, run.runtime));

interface Found {
  readonly seconds: number;
  readonly products: number;
  readonly values: readonly number[];
  /** Worst over λ₁, by products in float32 and in float64. */
  readonly residuals: () => Promise<{ readonly float32: number; readonly float64: number }>;
}

async function lanczos(tolerance: number, effort: number): Promise<Found> {
  const began = performance.now();
  const hessian = objective.curvature('hessian', weights);
  const options = { count: top, tolerance, blockSize: 1, verify: false, effort };
  const { values, vectors, products } = await blockLanczosAsync(hessian, options);
  const seconds = (performance.now() - began) / 1000;
  const worst = async (of: typeof objective): Promise<number> => {
    const moved = await of.curvature('hessian', weights).apply(vectors, top);
    return Math.max(...residualNorms(moved, values, vectors)) / values[0]!;
  };
  const residuals = async () => ({ float32: await worst(objective), float64: await worst(objective.precise()) });
  return { seconds, products, values: [...values], residuals };
}

/** The loosest tolerance that reaches the level; the tightest of the list where none does. */
async function arpackTolerance(peer: (typeof peers)[number], level: number): Promise<number> {
  let tolerance = 32 * level;
  for (; tolerance > level / 64; tolerance /= 2) {
    const found = await arpackPairs(peer, tolerance);
    if (found.isConverged && (await peer.check(['float32'])).float32 <= level) break;
  }
  return tolerance;
}

const arpackPairs = (peer: (typeof peers)[number], tolerance: number): Promise<PeerPairs> =>
  peer.pairs({ top, tolerance, basis: 'float64', restarts: mostRestarts });

for (const level of levels) {
  const arpack = [];
  for (const peer of peers) {
    const tolerance = await arpackTolerance(peer, level);
    const run = async (): Promise<Found> => {
      const found = await arpackPairs(peer, tolerance);
      return { ...found, residuals: () => peer.check(['float32', 'float64']) };
    };
    arpack.push({ name: `ARPACK, ${peer.name}`, tolerance, run });
  }
  const contenders = [
    ...arpack,
    { name: 'pairs only', tolerance: level, run: () => lanczos(level, 0) },
    { name: 'certain', tolerance: level, run: () => lanczos(level, 1) },
  ];
  const best = contenders.map(() => Infinity);
  const last: Found[] = [];
  const checked: Awaited<ReturnType<Found['residuals']>>[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of contenders.entries()) {
      last[i] = await run();
      best[i] = Math.min(best[i]!, last[i].seconds);
      if (round === 0) checked[i] = await last[i].residuals();
    }
  }
  console.log(`\ntop ${top} at a residual of ${level} λ₁`);
  line(
    '',
    'tolerance',
    'seconds',
    'products',
    'residual f32',
    'residual f64',
    ...pixels.map((p) => `${p}/this`),
    'Δλ/λ₁',
  );
  contenders.forEach(({ name, tolerance }, i) => {
    const { products, values } = last[i]!;
    const ratios = peers.map((_, j) => best[j]! / best[i]!);
    const difference = Math.max(...values.map((value, j) => Math.abs(value - last[0]!.values[j]!))) / values[0]!;
    line(name, tolerance, best[i]!, products, checked[i]!.float32, checked[i]!.float64, ...ratios, difference);
  });
}
for (const { release } of peers) release();
await problem.release();
