import { batchSchedule } from '../src/data/batch-schedule.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { knownTopFraction } from '../src/train/known-top-fraction.js';
import { measuredSteps } from '../src/train/measured-steps.js';
import type { TrainConfig } from '../src/train/train-config.js';
import { trainProblem } from '../src/train/train-problem.js';
import { measuredRun } from './measured-run.js';
import { mnistConfig, mnistTask } from './mnist-task.js';
import { describe, needPytorch, pytorchPeer } from './pytorch-peer.js';
import { line } from './ratio.js';

/**
 * Eigenpairs every 10 of 300 steps of SGD, MNIST, 784-100-100-10, ReLU, 4992 images, float32, one thread: this package against PyTorch and SciPy's ARPACK
 * at a tolerance of 1e-3, from the same weights and batches. All take turns, one measurement and the steps before it at a time. Seconds are those of steps,
 * gradients and searches, of this package also of its records and of compiling graphs; loading data is in none, nor are the test images, nor the check of
 * PyTorch's residuals. Of `python3`, or what PYTHON names, torch and scipy are needed.
 *
 *   npx tsx bench/against-pytorch.ts [STEPS] [EVERY] [PEERS] [SAMPLES]
 *
 * PEERS: `cached` (one graph of the gradient for all products at a point), `plain` (a new one for each), `used` (cached, without the pixels that are zero in
 * all images, which this package leaves out). The contenders: `pairs only`, the top 20 at a residual of 1e-3, as PyTorch has them; `certain`, the same with what
 * bounds eigenvalues and f_top(10), the default; `f_top ± …`, which stops when f_top(10) is known to that.
 */
needPytorch();
const [steps, every] = [Number(process.argv[2] ?? 300), Number(process.argv[3] ?? 10)];
const peerNames = (process.argv[4] ?? 'cached,plain').split(',');
const samples = Number(process.argv[5] ?? 4992);
const [top, m, tolerance] = [20, 10, 1e-3];
const config: TrainConfig = { ...mnistConfig(samples), steps, measureEvery: every, top, tolerance };
const ours: Readonly<Record<string, Partial<TrainConfig>>> = {
  'pairs only': { effort: 0 },
  certain: {},
  'f_top ± 1e-3': { top: m, accuracy: 1e-3 },
  'f_top ± 1e-2': { top: m, accuracy: 1e-2 },
};

/** One measurement, with the steps before it. */
interface Turn {
  readonly seconds: number;
  readonly products: number;
  /** Worst over λ₁; NaN where it was not checked. */
  readonly residual: number;
  readonly topFraction: number;
  /** Half of the width of the bounds on f_top; NaN where there are none. */
  readonly known: number;
}

interface Contender {
  readonly name: string;
  readonly turn: (step: number) => Promise<Turn>;
  readonly turns: Turn[];
  readonly release: () => void | Promise<void>;
}

const runtime = await nativeRuntime();
const first = await trainProblem(config, runtime);
const due = measuredSteps({ steps, every });
const schedule = batchSchedule(samples, config.batch!, config.seed);

const peers = peerNames.map((name) => {
  const task = mnistTask(first, first.reduce(first.initial), name === 'used' ? 'used' : 'all');
  return { name, ...pytorchPeer(task, name === 'plain' ? 'plain' : 'cached') };
});
console.log(await describe(peers[0]!, first.run.runtime));

const theirs = peers.map(({ name, release, ...peer }): Contender => {
  let at = 0;
  return {
    name: `torch ${name}`,
    turns: [],
    release,
    async turn(step) {
      const batches = Array.from({ length: step - at }, (_, i) => [...schedule(at + i)]);
      at = step;
      const moved = await peer.steps(batches, 0.1);
      const { seconds, products, topFraction } = await peer.pairs({ top, tolerance, subspace: m });
      const isChecked = due.indexOf(step) % 5 === 0;
      const residual = isChecked ? (await peer.check(['float32'])).float32 : NaN;
      return { seconds: moved.seconds + seconds, products, residual, topFraction: topFraction!, known: NaN };
    },
  };
});

const mine = await Promise.all(
  Object.entries(ours).map(async ([name, changes]): Promise<Contender> => {
    const problem = await trainProblem({ ...config, ...changes }, runtime);
    const run = measuredRun(problem);
    return {
      name,
      turns: [],
      release: problem.release,
      async turn() {
        const began = performance.now();
        const { value } = await run.next();
        const seconds = (performance.now() - began) / 1000;
        const { record } = value!;
        const { lower, middle, upper } = knownTopFraction(record);
        const residual = Math.max(...record.residuals) / record.eigenvalues[0]!;
        const products = record.hessianVectorProducts;
        return { seconds, products, residual, topFraction: middle, known: (upper - lower) / 2 };
      },
    };
  }),
);

const contenders = [...theirs, ...mine];
for (const step of due) for (const { turn, turns } of contenders) turns.push(await turn(step));
for (const { release } of [first, ...contenders]) await release();

const total = (turns: readonly Turn[], of: (turn: Turn) => number): number =>
  turns.reduce((sum, turn) => sum + of(turn), 0);
const worst = (numbers: readonly number[]): number | string => {
  const known = numbers.filter((x) => !Number.isNaN(x));
  return known.length === 0 ? '–' : Math.max(...known);
};
const secondsOf = ({ turns }: Contender): number => total(turns, ({ seconds }) => seconds);
line('', 'seconds', 'products', 'residual/λ₁', ...peerNames.map((name) => `${name}/this`), 'max Δf_top', 'f_top to ±');
for (const contender of contenders) {
  const { name, turns } = contender;
  line(
    name,
    secondsOf(contender),
    total(turns, ({ products }) => products).toFixed(0),
    worst(turns.map(({ residual }) => residual)),
    ...theirs.map((peer) => secondsOf(peer) / secondsOf(contender)),
    worst(turns.map(({ topFraction }, i) => Math.abs(topFraction - theirs[0]!.turns[i]!.topFraction))),
    worst(turns.map(({ known }) => known)),
  );
}

console.log('\nmeasured cost as training goes on: products (seconds) of a measurement and the steps before it');
line('step', ...contenders.map(({ name }) => name));
due.forEach((step, i) => {
  line(step, ...contenders.map(({ turns }) => `${turns[i]!.products} (${turns[i]!.seconds.toFixed(2)})`));
});
