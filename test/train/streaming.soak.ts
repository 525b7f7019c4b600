import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isRows } from '../../src/data/rows.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { checkTrainConfig, trainDefaults } from '../../src/train/train-config.js';
import { trainProblem } from '../../src/train/train-problem.js';
import { npyBytes, npyOf } from '../files/npy-bytes.js';

// Alone in its process, whose peak is that of this run.
it('inputs of 1 GB are gone through in 0.6 GB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'streaming-'));
  const [n, width] = [250_000, 1000];
  const [x, y] = [join(folder, 'x.npy'), join(folder, 'y.npy')];
  const header = npyBytes(new Uint8Array(0), { descr: "'<f4'", shape: `(${n}, ${width})` });
  writeFileSync(
    x,
    Buffer.concat([header, new Uint8Array(Float32Array.from({ length: width }, (_, i) => i / width).buffer)]),
  );
  truncateSync(x, header.length + 4 * n * width); // zeros, which take no room on the disk
  writeFileSync(
    y,
    npyOf(
      BigInt64Array.from({ length: n }, (_, i) => BigInt(i % 2)),
      [n],
    ),
  );
  try {
    const data = { ...trainDefaults.data, source: `npy:${x},${y}` };
    const config = checkTrainConfig({ ...trainDefaults, model: 'mlp:32', data, top: 4 });
    const problem = await trainProblem(config, await nativeRuntime(), { available: 1e9 });
    expect(isRows(problem.inputs().inputs)).toBe(true);
    const weights = problem.reduce(problem.initial);
    const { gradient } = await problem.objective.evaluate(weights);
    await problem.objective.curvature('hessian', weights).apply(Float64Array.from(gradient), 1);
    await problem.release();
  } finally {
    rmSync(folder, { recursive: true });
  }
  const peak = 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  process.stderr.write(`${(peak / 1e6).toFixed(0)} MB at the peak\n`);
  expect(peak).toBeLessThan(6e8);
}, 300_000);
