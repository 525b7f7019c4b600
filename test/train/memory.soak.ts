import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { memoryEstimate } from '../../src/train/memory-estimate.js';
import { memorySizes, trainSearch } from '../../src/train/memory-sizes.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

// Alone in its process, whose peak is that of this run.
it('the estimate of the memory of a run is within half of what it takes', async () => {
  const config: TrainConfig = {
    ...trainDefaults,
    ...{ model: 'mlp:500,500', steps: 0, top: 10, tolerance: 1e-1 },
    data: { ...trainDefaults.data, samples: 1000 },
  };
  await train(config, { runtime: await nativeRuntime() });
  const peak = 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  const sizes = memorySizes(config)!;
  const { bytes } = memoryEstimate(config, sizes, trainSearch(config, sizes));
  process.stderr.write(`${(bytes / 1e6).toFixed(0)} MB estimated, ${(peak / 1e6).toFixed(0)} MB at the peak\n`);
  expect(bytes).toBeLessThan(1.5 * peak);
  expect(peak).toBeLessThan(1.5 * bytes);
}, 300_000);
