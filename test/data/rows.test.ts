import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeFeatures, keepFeatures } from '../../src/data/active-features.js';
import { parseDataSource } from '../../src/data/data-source.js';
import type { Dataset } from '../../src/data/dataset.js';
import { openDataset, type DatasetChoices } from '../../src/data/load-dataset.js';
import { gatherRows, heldInputs, isRows, piecesOf, type Rows } from '../../src/data/rows.js';
import { architecture } from '../../src/loss/network/architectures.js';
import { crossEntropy } from '../../src/loss/network/losses.js';
import { buildNetwork } from '../../src/loss/network/network.js';
import { objective } from '../../src/loss/network/objective.js';
import { batchOf, samplesOf } from '../../src/loss/network/samples.js';
import { trainer } from '../../src/loss/network/trainer.js';
import { inPrecision } from '../../src/loss/parameters.js';
import type { FloatArray } from '../../src/numeric/kernels/float-array.js';
import { randomStream } from '../../src/numeric/random.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { memoryEstimate } from '../../src/train/memory-estimate.js';
import { memorySizes, trainSearch } from '../../src/train/memory-sizes.js';
import { checkTrainConfig, trainDefaults } from '../../src/train/train-config.js';
import { npyOf } from '../files/npy-bytes.js';

const [n, width] = [300, 6];
let folder: string;
let source: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rows-'));
  const stream = randomStream(1, 'rows');
  const x = Float64Array.from({ length: n * width }, (_, j) => (j % width === 4 ? 0 : stream.normal()));
  writeFileSync(join(folder, 'x.npy'), npyOf(x, [n, width]));
  writeFileSync(
    join(folder, 'u.npy'),
    npyOf(
      Uint8Array.from(x, () => stream.integer(256)),
      [n, 2, 3],
    ),
  );
  writeFileSync(
    join(folder, 'y.npy'),
    npyOf(
      BigInt64Array.from({ length: n }, (_, i) => BigInt(i % 3)),
      [n],
    ),
  );
  source = `npy:${join(folder, 'x.npy')},${join(folder, 'y.npy')}`;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const choices: DatasetChoices = { pixels: 'unit', precision: 'f32', seed: 1 };
const open = (text: string, more: Partial<DatasetChoices>, available: number): Dataset<FloatArray | Rows> =>
  openDataset(parseDataSource(text), { ...choices, ...more }, available).train;

/** The same data set streamed, held, and read into memory at once. */
function both(more: Partial<DatasetChoices> = {}, text = source): [streamed: Dataset<Rows>, held: Dataset] {
  const [streamed, held] = [open(text, more, 100), open(text, more, Infinity)];
  if (!isRows(streamed.inputs) || isRows(held.inputs)) throw new Error('nothing is streamed, or all');
  return [streamed as Dataset<Rows>, held as Dataset];
}

describe('rows', () => {
  it.each<Partial<DatasetChoices>>([
    {},
    { precision: 'f64' },
    { samples: 100 },
    { samples: 100, subset: 'random' },
    { keepClasses: [2, 0], samples: 50, randomLabels: true },
  ])('hold the numbers of the array and the same record, with %j', (more) => {
    const [streamed, held] = both(more);
    expect(heldInputs(streamed.inputs)).toEqual(held.inputs);
    expect({ ...streamed, inputs: [] }).toEqual({ ...held, inputs: [] });
    const wanted = Uint32Array.of(7, 8, 9, 3, 0, 49);
    expect(gatherRows(streamed.inputs, wanted)).toEqual(batchOf(samplesOf(held), wanted).inputs);
    expect(batchOf(samplesOf(streamed), wanted)).toEqual(batchOf(samplesOf(held), wanted));
  });

  it.each(['unit', 'standardised'] as const)('scale pixels as arrays do: %s', (pixels) => {
    const text = `npy:${join(folder, 'u.npy')},${join(folder, 'y.npy')}`;
    const [streamed, held] = both({ pixels, samples: 200 }, text);
    expect(heldInputs(streamed.inputs)).toEqual(held.inputs);
    expect(streamed.record).toEqual(held.record);
  });

  it('leave out what is always zero', () => {
    const [streamed, held] = both();
    const active = activeFeatures(streamed);
    expect([...active]).toEqual([0, 1, 2, 3, 5]);
    const [less, kept] = [keepFeatures(streamed, active), keepFeatures(held, active)];
    expect(isRows(less.inputs)).toBe(true);
    expect(heldInputs(less.inputs)).toEqual(kept.inputs);
    expect(less.record).toEqual(kept.record);
  });

  it('are read piece by piece', () => {
    const read: number[][] = [];
    const rows: Rows = {
      length: 10 * 2 ** 18,
      width: 2 ** 18,
      precision: 'f32',
      rows(from, to) {
        read.push([from, to]);
        return new Float32Array((to - from) * 2 ** 18);
      },
    };
    expect([...piecesOf(rows)]).toHaveLength(5);
    expect(read).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
      [8, 10],
    ]);
  });
});

describe('a network on rows', () => {
  const layers = architecture('mlp:5', [width], { outputs: 3, activation: 'tanh', bias: true });
  const spec = { inputShape: [width], outputs: 3, layers, loss: crossEntropy };

  it.each(['f32', 'f64'] as const)(
    'has the same loss, gradient, products and steps bit for bit: %s',
    async (precision) => {
      const runtime = await nativeRuntime();
      const [streamed, held] = both({ precision });
      const results = [];
      for (const samples of [samplesOf(streamed), samplesOf(held)]) {
        const network = buildNetwork(spec, 'evaluate');
        const loss = objective(network, samples, { runtime, precision, chunk: 64 });
        const steps = await trainer(buildNetwork(spec, 'train'), { runtime, precision, seed: 1 });
        const weights = Float64Array.from({ length: network.layout.size }, (_, i) => Math.sin(i));
        const point = await loss.evaluate(weights);
        const products = await loss.curvature('hessian', weights).apply(weights.toReversed(), 1);
        const batch = batchOf(samples, Uint32Array.of(250, 3, 4, 17));
        const step = await steps.gradient(inPrecision(weights, precision), {}, batch, 0);
        results.push([point.loss, point.gradient, products, step]);
        await loss.release();
        await steps.release();
      }
      expect(results[0]).toEqual(results[1]);
      expect(results[0]![0]).toBeGreaterThan(0.5);
    },
  );

  it('needs no memory for its inputs', () => {
    const config = checkTrainConfig({ ...trainDefaults, data: { ...trainDefaults.data, source } });
    const estimate = (available: number): number => {
      const sizes = memorySizes(config, { available })!;
      return memoryEstimate(config, sizes, trainSearch(config, sizes)).bytes;
    };
    expect(memorySizes(config, { available: 100 })).toMatchObject({
      isStreamed: true,
      samples: n,
      extent: { inputShape: [width], outputs: 3 },
    });
    expect(memorySizes(config, { available: Infinity })).toMatchObject({ isStreamed: false });
    expect(estimate(Infinity) - estimate(100)).toBe(9 * n * width);
  });
});
