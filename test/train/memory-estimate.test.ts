import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { outOfMemory, UsageError } from '../../src/errors.js';
import { availableMemory } from '../../src/files/available-memory.js';
import { memoryEstimate, refuseBeyondMemory } from '../../src/train/memory-estimate.js';
import { memorySizes, trainSearch } from '../../src/train/memory-sizes.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { trainProblem } from '../../src/train/train-problem.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { npyOf } from '../files/npy-bytes.js';

const configOf = (changed: Partial<TrainConfig>, source = 'mixture:4,784,0.3,1000'): TrainConfig => ({
  ...trainDefaults,
  ...changed,
  data: { ...trainDefaults.data, source },
});
const needOf = (config: TrainConfig) => {
  const sizes = memorySizes(config)!;
  return { sizes, search: trainSearch(config, sizes), need: memoryEstimate(config, sizes, trainSearch(config, sizes)) };
};

describe('the memory of a run', () => {
  it('is that of its vectors where there are many parameters, and grows with the basis, the precision and the updates', () => {
    const config = configOf({ model: 'mlp:2000,2000', basis: 30, steps: 0 });
    const { need, sizes } = needOf(config);
    const p = 785 * 2000 + 2001 * 2000 + 2001 * 4;
    expect(need.parameters).toBe(p);
    expect(need.vectors).toBe(30 + 1 + 21); // the basis, the vector that is multiplied, the result
    const [basis, result] = [4 * 31, 8 * 21]; // in float32, and in float64
    expect(need.parts.at(-1)!.bytes).toBe(p * (basis + result));
    expect(needOf({ ...config, precision: 'f64' }).need.parts.at(-1)!.bytes).toBe(8 * p * 52);
    expect(need.bytes).toBe(need.parts.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(need.bytes).toBeGreaterThan(p * (basis + result));
    expect(need.bytes).toBeLessThan(8 * p * 100);

    const more = needOf({ ...config, basis: 40 }).need.bytes - need.bytes;
    expect(more).toBe(4 * p * 10);
    expect(needOf({ ...config, updates: 10 }).need.bytes - need.bytes).toBe((4 + 8) * p * 10); // kept in float32, joined in float64
    expect(needOf({ ...config, steps: 1 }).need.bytes - need.bytes).toBe(8 * p * 21); // the eigenvectors of the record before
    expect(sizes.samples).toBe(1000);
  });

  it('is known of networks that take tokens', () => {
    const config = configOf({ model: 'transformer:1,8,2', activation: 'gelu' }, 'modular:5,0.4');
    const block = 2 * (2 * 8) + (3 * 8 + 8) * 9 + 32 * 9 + 8 * 33; // two normalisations, attention, the two dense layers
    expect(needOf(config).need.parameters).toBe(6 * 8 + 3 * 8 + block + 2 * 8 + 5 * 9);
  });

  it('is refused where there is less, with what would fit', () => {
    const config = configOf({ model: 'mlp:2000,2000' });
    const { sizes, search, need } = needOf(config);
    const refused = (available: number): string => {
      try {
        refuseBeyondMemory(config, sizes, search, available);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        return (error as Error).message;
      }
      return 'not refused';
    };
    expect(refused(need.bytes)).toBe('not refused');
    const message = refused(need.bytes - 1e9);
    expect(message).toMatch(
      /^mlp:2000,2000 on mixture:4,784,0\.3,1000 needs about \d+\.\d GB, \d+\.\d GB are there: \d+\.\d GB for the search for 21 eigenpairs in \d+ parameters \(up to 165 vectors\); hold/,
    );
    // What it names fits, and one more does not.
    const basis = Number(/--basis (\d+)/.exec(message)![1]);
    const top = Number(/--top (\d+)/.exec(message)![1]);
    const bytesOf = (changed: Partial<TrainConfig>): number => needOf({ ...config, ...changed }).need.bytes;
    expect(bytesOf({ basis })).toBeLessThanOrEqual(need.bytes - 1e9);
    expect(bytesOf({ basis: basis + 1 })).toBeGreaterThan(need.bytes - 1e9);
    expect(bytesOf({ top })).toBeLessThanOrEqual(need.bytes - 1e9);
    expect(refused(3e8)).toContain('take a smaller model');
  });

  it('is that of what a spectrum computes besides its eigenpairs, where that is more', () => {
    const config = configOf({ model: 'mlp:500,500' }, 'mixture:3,300,0.3,500');
    const sizes = memorySizes(config)!;
    const p = sizes.network.layout.size;
    const search = { count: 4, blockSize: 4, basis: undefined, before: 0 };
    const after = { option: '--trace', products: 30_000, vectorsOf: (n: number) => 5 * Math.floor(n / 3) } as const;
    const estimate = memoryEstimate(config, sizes, { ...search, after });
    expect(estimate.vectors).toBe(4 + 50_000);
    expect(estimate.parts.at(-1)).toMatchObject({
      bytes: 8 * p * 50_004,
      what: expect.stringContaining('what --trace needs') as string,
    });
    const available = 8e9;
    expect(() => {
      refuseBeyondMemory(config, sizes, { ...search, after }, available);
    }).toThrow(/ for what --trace needs in .*; spend fewer products: --trace \d+/);
    expect(() => {
      refuseBeyondMemory(config, sizes, { ...search, after: { ...after, products: 300 } }, available);
    }).not.toThrow();
  });

  it('is asked for before anything is sampled or read', async () => {
    const large = configOf({ model: 'softmax' }, 'mixture:2,100000,0.1,9000');
    await expect(trainProblem(large, undefined, { available: 1e9 })).rejects.toThrow(
      /needs about .* 1\.0 GB are there/,
    );
    const beyond = configOf({ model: 'softmax', backend: 'plain', precision: 'f64' }, 'mixture:2,100000,0.1,10000000');
    await expect(trainProblem(beyond)).rejects.toBeInstanceOf(UsageError);
  });
});

describe('the memory of sequences', () => {
  let folder: string;
  const [samples, length, words, labels] = [50, 6, 9, 4];
  const ids = (below: number, shape = [samples, length]) =>
    npyOf(
      BigInt64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => BigInt(i % below)),
      shape,
    );
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'memory-'));
    writeFileSync(join(folder, 'x.npy'), ids(words));
    writeFileSync(join(folder, 'y.npy'), ids(labels));
    writeFileSync(join(folder, 'negative.npy'), npyOf(BigInt64Array.of(1n, -1n), [1, 2]));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const x = () => `npy:${join(folder, 'x.npy')}`;
  const both = () => `${x()},${join(folder, 'y.npy')}`;

  it.each([
    ['modular:11,0.3', x, 'cross-entropy', { vocabulary: 12, outputs: 11, inputShape: [3] }, 11],
    ['tokens alone', x, 'next-token', { vocabulary: words, outputs: words, inputShape: [length] }, 0],
    ['labels of tokens', both, 'cross-entropy', { vocabulary: words, outputs: labels, inputShape: [length] }, length],
    ['labels that the loss leaves', both, 'next-token', { vocabulary: words, outputs: labels }, 0],
  ] as const)('is known of %s: its parameters, and numbers of targets', async (name, source, loss, extent, targets) => {
    const config = configOf({ model: 'transformer:1,8,2', loss }, name.startsWith('modular') ? name : source());
    const { sizes, need } = needOf(config);
    expect(sizes.extent).toMatchObject(extent);
    const features = sizes.extent.inputShape[0]!;
    const isSampled = name.startsWith('modular');
    const inputs = features * sizes.samples * (isSampled ? 28 : 9); // of files: a byte, and two copies
    expect(need.parts[1]!.bytes).toBe(inputs + 4 * targets * sizes.samples);
    const problem = await trainProblem({ ...config, subspace: 2 }, await nativeRuntime());
    expect(problem.run.parameters).toBe(need.parameters);
    await problem.release();
  });

  it('is not known of ids that are none, of which reading says why', async () => {
    const config = configOf({ model: 'transformer:1,8,2', loss: 'next-token' }, `npy:${join(folder, 'negative.npy')}`);
    expect(memorySizes(config)).toBeUndefined();
    await expect(trainProblem(config, await nativeRuntime())).rejects.toThrow(
      /holds the integer -1; token ids are 0, 1/,
    );
  });

  it('is bounded by chunks: twice the samples need no more than their data and what is kept of them', () => {
    const bytesOf = (source: string) => needOf(configOf({ model: 'transformer:2,128,4' }, source)).need;
    const [some, many] = [bytesOf('modular:97,0.4'), bytesOf('modular:97,0.8')];
    expect(many.parts[2]!.bytes).toBe(some.parts[2]!.bytes);
    expect(many.parts[2]!.bytes).toBeLessThan(2.5e9);
  });
});

describe('availableMemory', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const files = (given: Readonly<Record<string, string>>) => (path: string) => given[path];
  const system = {
    '/proc/meminfo': 'MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\n',
    '/proc/self/status': 'Name:\tnode\nVmSize:\t 1000000 kB\n',
    '/proc/self/limits':
      'Limit Soft Limit Hard Limit Units\nMax address space         unlimited            unlimited            bytes\n',
  };

  it('is what the system has, without limits', () => {
    expect(availableMemory(files(system))).toBe(8_000_000 * 1024);
  });

  it('is what is left of the address space, or of a control group of either version, caches not counted', () => {
    const limits = 'Max address space         2048000000           4096000000           bytes\n';
    expect(availableMemory(files({ ...system, '/proc/self/limits': limits }))).toBe(2_048_000_000 - 1_024_000_000);
    const two = {
      ...system,
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/memory.max': '3000000000\n',
      '/sys/fs/cgroup/a/memory.current': '2000000000\n',
      '/sys/fs/cgroup/a/memory.stat': 'anon 1500000000\ninactive_file 400000000\n',
      '/sys/fs/cgroup/a/b/memory.max': 'max\n',
      '/sys/fs/cgroup/a/b/memory.current': '1000000000\n',
    };
    expect(availableMemory(files(two))).toBe(1_400_000_000);
    const one = {
      ...system,
      '/proc/self/cgroup': '4:memory:/x\n0::/\n',
      '/sys/fs/cgroup/memory/x/memory.limit_in_bytes': '2000000000\n',
      '/sys/fs/cgroup/memory/x/memory.usage_in_bytes': '500000000\n',
      '/sys/fs/cgroup/memory/x/memory.stat': 'total_inactive_file 100000000\n',
    };
    expect(availableMemory(files(one))).toBe(1_600_000_000);
  });
});

describe('outOfMemory', () => {
  it('puts failed allocations in words, and nothing else', () => {
    const failure = new RangeError('Array buffer allocation failed');
    expect(outOfMemory(failure)).toBeInstanceOf(UsageError);
    expect(outOfMemory(failure)!.cause).toBe(failure);
    expect(outOfMemory(new RangeError('Invalid typed array length: 8000000000000'))).toBeInstanceOf(UsageError);
    expect(outOfMemory(new Error('std::bad_alloc'))).toBeInstanceOf(UsageError);
    expect(outOfMemory(new RangeError('Invalid typed array length: -1'))).toBeUndefined(); // a mistake of ours
    expect(outOfMemory(new RangeError('Maximum call stack size exceeded'))).toBeUndefined();
    expect(outOfMemory(new UsageError('Array buffer allocation failed'))).toBeUndefined();
  });
});
