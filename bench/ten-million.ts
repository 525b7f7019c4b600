import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { networkSnapshot } from '../src/loss/network-snapshot.js';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { checkTrainConfig, trainDefaults } from '../src/train/train-config.js';
import { trainProblem } from '../src/train/train-problem.js';
import { line } from './ratio.js';

/**
 * The top 10 eigenpairs of an MLP of 10⁷ parameters on 200 samples, at its first weights, float32, pairs only, with bases of several sizes, each in a process of its own: the peak of its
 * memory, and what the search spends its time on.
 *
 *   npx tsx bench/ten-million.ts [BASES] [WIDTHS] [TOLERANCE]
 */
const [bases = '40', widths = '2600,2840', tolerance = '1e-2', child] = process.argv.slice(2);
if (child !== undefined) {
  const data = { ...trainDefaults.data, source: 'mixture:10,1000,0.1,200' };
  const basis = Number(bases);
  const config = checkTrainConfig({ ...trainDefaults, model: `mlp:${widths}`, data, steps: 0, top: 10, basis });
  const { objective, initial, reduce } = await trainProblem(config, await nativeRuntime());
  const began = performance.now();
  const search = { tolerance: Number(tolerance), basis, most: basis, effort: 0, blockSize: 1, verify: false, seed: 1 };
  const { pairs } = await networkSnapshot(objective, reduce(initial), { top: 10, time: 0, ...search });
  const elapsed = (performance.now() - began) / 1000;
  const peak = (1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1])) / 1e9;
  const { products, orthogonalisation, small } = pairs.seconds;
  line(pairs.dimension, bases, peak, elapsed, pairs.products, products, orthogonalisation, small);
  process.exit(0);
} else {
  line('parameters', 'basis', 'peak GB', 'seconds', 'Hv', 's products', 's vectors', 's small');
  for (const basis of bases.split(',')) {
    const script = [...process.execArgv, import.meta.filename, basis, widths, tolerance, 'child'];
    const { stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
    process.stdout.write(stdout || stderr);
  }
}
