import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { nativeRuntime } from '../src/tensor/engine/index.js';
import { memoryEstimate } from '../src/train/memory-estimate.js';
import { memorySizes, trainSearch } from '../src/train/memory-sizes.js';
import { checkTrainConfig, trainDefaults, type TrainConfig } from '../src/train/train-config.js';
import { train } from '../src/train/train.js';
import { line } from './ratio.js';

/** The peak of memory of whole runs, each in a process of its own, against the estimate: `tsx bench/memory.ts [NUMBER …]` for some of them. */
const run = (changed: Partial<TrainConfig>, data: Partial<TrainConfig['data']> = {}): TrainConfig =>
  checkTrainConfig({
    ...trainDefaults,
    steps: 1,
    measureEvery: 1,
    tolerance: 1e-1,
    ...changed,
    data: { ...trainDefaults.data, ...data },
  });

export const runs: Readonly<Record<string, TrainConfig>> = {
  'softmax, all of MNIST': run({ model: 'softmax' }),
  'mlp:100,100, all of MNIST': run({}),
  'mlp:500,500': run({ model: 'mlp:500,500' }, { samples: 2000 }),
  convnet: run({ model: 'convnet', top: 12, tolerance: 1e-1, steps: 0 }, { samples: 40 }),
  'resnet18:8': run({ model: 'resnet18:8', top: 10, tolerance: 1e-1, steps: 0 }, { samples: 8 }),
  'plain softmax, all of MNIST': run({ model: 'softmax', backend: 'plain', precision: 'f64' }),
  'mixture of 2000 features': run({ model: 'mlp:50' }, { source: 'mixture:4,2000,0.1,20000' }),
  'mlp:2000,2000, a basis of 24': run(
    { model: 'mlp:2000,2000', top: 10, basis: 24, tolerance: 1e-1, steps: 0 },
    { samples: 200 },
  ),
  'transformer of sums modulo 97': run(
    { model: 'transformer:2,128,4', top: 10, subspace: 10, tolerance: 1e-1, steps: 0 },
    { source: 'modular:97,0.3' },
  ),
  'vit of images': run({ model: 'vit:7,2,64,4', top: 10, tolerance: 1e-1, steps: 0 }, { samples: 500 }),
};

const [name] = process.argv.slice(2);
if (name !== undefined && name in runs) {
  const config = runs[name]!;
  await train(config, config.backend === 'plain' ? {} : { runtime: await nativeRuntime() });
  const peak = 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  const sizes = memorySizes(config)!;
  const { bytes } = memoryEstimate(config, sizes, trainSearch(config, sizes));
  line(name, (bytes / 1e6).toFixed(0), (peak / 1e6).toFixed(0), (bytes / peak).toFixed(2));
} else {
  line('run', 'estimated MB', 'peak MB', 'ratio');
  const chosen = process.argv.slice(2).map(Number);
  Object.keys(runs).forEach((each, i) => {
    if (chosen.length > 0 && !chosen.includes(i)) return;
    const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, each], {
      encoding: 'utf8',
    });
    process.stdout.write(stdout || stderr);
  });
}
