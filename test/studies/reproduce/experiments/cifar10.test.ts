import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nativeRuntime } from '../../../../src/tensor/engine/index.js';
import { randomStream } from '../../../../src/numeric/random.js';
import { experiment } from '../../../../src/studies/reproduce/engine/declare.js';
import { fig1Cifar10 } from '../../../../src/studies/reproduce/experiments/fig1c-f/index.js';
import { table1Cifar10 } from '../../../../src/studies/reproduce/experiments/table1-cifar10/index.js';
import { overlapRow, overlapTable } from '../../../../src/studies/reproduce/shared/overlap-rows.js';
import { reproduce } from '../../../../src/studies/reproduce/reproduce.js';
import { isTrainTask } from '../../../../src/studies/reproduce/engine/task.js';
import { trainProblem } from '../../../../src/train/train-problem.js';

const folder = mkdtempSync(join(tmpdir(), 'reproduce-cifar10-'));

/** Files in the binary format of CIFAR-10, eight images each: a label byte and 3072 pixels. */
beforeAll(() => {
  const names = [...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), 'test_batch.bin'];
  names.forEach((name, file) => {
    const stream = randomStream(file, 'cifar');
    const images = Array.from({ length: 8 }, (_, i) => {
      const label = (8 * file + i) % 10;
      return [label, ...Array.from({ length: 3072 }, () => 20 * label + stream.integer(56))];
    });
    writeFileSync(join(folder, name), Uint8Array.from(images.flat()));
  });
  vi.stubEnv('CIFAR10_DIR', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const network = overlapRow({
  id: 'small-resnet',
  statement: 'a narrow ResNet-18',
  target: { kind: 'value', value: 0.9 },
  change: { model: 'resnet18:1', data: { source: 'cifar10' } },
  seconds: 1,
});
const small = experiment({ ...table1Cifar10, id: 'small', figures: () => [], ...overlapTable([network]) });

describe('the rows on CIFAR-10', () => {
  it('are measured from files in its binary format', async () => {
    const out = join(folder, 'out');
    const { rows, failures } = await reproduce([small], { scale: 'quick', out, jobs: 1 });
    expect([...failures.values()]).toEqual([]);
    expect(rows[0]).toMatchObject({ paper: 0.9, settings: { data: 'cifar10', samples: 16, seeds: [1, 2] } });
    expect((rows[0]!.settings.checksums as string[]).length).toBeGreaterThan(0);
    expect(rows[0]!.values.every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(readFileSync(join(out, 'README.md'), 'utf8')).not.toContain('not run:');
  });

  it('are other tasks where the files differ', () => {
    const before = network.runs('quick').map(({ key }) => key);
    const path = join(folder, 'data_batch_1.bin');
    const bytes = readFileSync(path);
    const other = mkdtempSync(join(tmpdir(), 'reproduce-cifar10-other-'));
    for (const name of [
      'data_batch_2.bin',
      'data_batch_3.bin',
      'data_batch_4.bin',
      'data_batch_5.bin',
      'test_batch.bin',
    ]) {
      writeFileSync(join(other, name), readFileSync(join(folder, name)));
    }
    bytes[1] = bytes[1]! ^ 1;
    writeFileSync(join(other, 'data_batch_1.bin'), bytes);
    vi.stubEnv('CIFAR10_DIR', other);
    expect(network.runs('quick').map(({ key }) => key)).not.toEqual(before);
    vi.stubEnv('CIFAR10_DIR', folder);
    rmSync(other, { recursive: true });
  });

  it.each([table1Cifar10, fig1Cifar10].flatMap(({ claims }) => claims.map((claim) => [claim.id, claim] as const)))(
    '%s: its network is trained and has a Hessian there',
    async (_, { tasks }) => {
      const [task] = tasks('quick');
      if (task === undefined || !isTrainTask(task)) throw new Error('not a training run');
      const problem = await trainProblem(task.config, await nativeRuntime());
      const weights = problem.reduce(problem.initial);
      const statistics = problem.trainer.initialStatistics;
      const { gradient, loss } = await problem.objective.evaluate(weights, statistics);
      expect(loss).toBeGreaterThan(0);
      const along = await problem.objective.curvature('hessian', weights, { statistics }).apply(gradient, 1);
      expect(along.some((x) => x !== 0) && along.every(Number.isFinite)).toBe(true);
      await problem.release();
    },
  );
});
