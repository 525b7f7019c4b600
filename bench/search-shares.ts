import { nativeRuntime } from '../src/tensor/engine/index.js';
import { trainProblem } from '../src/train/train-problem.js';
import { measuredRun } from './measured-run.js';
import { mnistConfig } from './mnist-task.js';
import { line } from './ratio.js';

/**
 * What a search for eigenpairs spends its time on, in per cent: Hessian products, passes over vectors as long as θ, projected problems. MLPs of about 9e4 and 1e6
 * parameters on MNIST, at the start and after some steps.
 *
 *   npx tsx bench/search-shares.ts [STEPS] [MODELS] [SAMPLES]
 */
const steps = Number(process.argv[2] ?? 100);
const models = (process.argv[3] ?? 'mlp:100,100 mlp:800,600').split(' ');
const config = { ...mnistConfig(Number(process.argv[4] ?? 4992)), steps, measureEvery: [0, steps] };
const searches = { 'top 20, 1e-3': { top: 20 }, 'f_top ± 1e-2': { top: 10, accuracy: 1e-2 } };
const runtime = await nativeRuntime();

line('parameters', 'search', 'step', 'Hv', 'seconds', 'ms a product', 'products %', 'vectors %', 'small %');
for (const model of models) {
  for (const [name, search] of Object.entries(searches)) {
    const problem = await trainProblem({ ...config, model, ...search }, runtime);
    for await (const { record, seconds, weights } of measuredRun(problem)) {
      const { products, orthogonalisation, small } = seconds;
      const all = products + orthogonalisation + small;
      const { step, hessianVectorProducts: count } = record;
      const shares = [products, orthogonalisation, small].map((part) => ((100 * part) / all).toFixed(1));
      line(String(weights.length), name, step, count, all, (1000 * products) / (count - 1), ...shares);
    }
    await problem.release();
  }
}
