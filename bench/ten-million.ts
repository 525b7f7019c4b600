import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { checkTrainConfig, trainDefaults } from '../src/train/train-config.js';
import { trainProblem } from '../src/train/train-problem.js';
import { measuredRun } from './measured-run.js';
import { line } from './ratio.js';

/**
 * A measurement of an MLP of 10⁷ parameters on 200 samples, top 10 at a residual of 1e-3 in float32, with bases of several sizes, each in a process of its own: the peak of its memory, and
 * what the search spends its time on.
 *
 *   npx tsx bench/ten-million.ts [BASES] [WIDTHS] [TOLERANCE]
 */
const [bases = '24,32', widths = '2600,2840', tolerance = '1e-3', child] = process.argv.slice(2);
if (child !== undefined) {
  const config = checkTrainConfig({
    ...trainDefaults,
    model: `mlp:${widths}`,
    data: { ...trainDefaults.data, source: 'mixture:10,1000,0.1,200' },
    steps: 0,
    top: 10,
    basis: Number(bases),
    tolerance: Number(tolerance),
  });
  const problem = await trainProblem(config, await nativeRuntime());
  const began = performance.now();
  for await (const { record, seconds, weights } of measuredRun(problem)) {
    const elapsed = (performance.now() - began) / 1000;
    const peak = (1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1])) / 1e9;
    const { products, orthogonalisation, small } = seconds;
    line(weights.length, bases, peak, elapsed, record.hessianVectorProducts, products, orthogonalisation, small);
  }
} else {
  line('parameters', 'basis', 'peak GB', 'seconds', 'Hv', 's products', 's vectors', 's small');
  for (const basis of bases.split(',')) {
    const script = [...process.execArgv, import.meta.filename, basis, widths, tolerance, 'child'];
    const { stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
    process.stdout.write(stdout || stderr);
  }
}
