import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors } from '../../src/files/safetensors.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { trainProblem } from '../../src/train/train-problem.js';
import { train } from '../../src/train/train.js';

const runtime = await nativeRuntime();
const config: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:6,5',
  activation: 'tanh',
  data: { ...trainDefaults.data, source: 'mixture:3,4,0.3,60' },
  steps: 6,
  measureEvery: 3,
  top: 5,
  precision: 'f64',
  tolerance: 1e-8,
};
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'frozen-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const tensorsOf = (out: string, step: number) => {
  const path = join(out, 'weights', `step-0000000${step}.safetensors`);
  return parseSafetensors(readFileSync(path), path).tensors;
};

describe('parameters that are chosen', () => {
  it('are θ: gradient and Hessian are the block of the whole at the same weights', async () => {
    const whole = await trainProblem(config, runtime);
    const part = await trainProblem({ ...config, parameters: ['dense2', 'dense3.weight'] }, runtime);
    const layout = whole.objective.layout;
    const places = layout.specs.flatMap(({ name }, i) =>
      ['dense2.weight', 'dense2.bias', 'dense3.weight'].includes(name) ? [i] : [],
    );
    const from = layout.offsets[places[0]!]!;
    const size = part.objective.layout.size;
    expect(part.objective.layout.specs.map(({ name }) => name)).toEqual([
      'dense2.weight',
      'dense2.bias',
      'dense3.weight',
    ]);
    expect(part.run.parameters).toBe(size);
    const weights = part.reduce(part.initial);
    expect([...weights]).toEqual([...whole.initial.subarray(from, from + size)]);
    expect([...part.expand(weights)]).toEqual([...whole.initial]);

    const [ours, theirs] = [await part.objective.evaluate(weights), await whole.objective.evaluate(whole.initial)];
    expect(Math.abs(ours.loss / theirs.loss - 1)).toBeLessThan(1e-13);
    ours.gradient.forEach((x, i) => {
      expect(Math.abs(x - theirs.gradient[from + i]!)).toBeLessThan(1e-13);
    });
    const vector = Float64Array.from({ length: size }, (_, i) => Math.cos(3 * i));
    const padded = new Float64Array(layout.size);
    padded.set(vector, from);
    const block = await part.objective.curvature('hessian', weights).apply(vector, 1);
    const product = await whole.objective.curvature('hessian', whole.initial).apply(padded, 1);
    block.forEach((x, i) => {
      expect(Math.abs(x - product[from + i]!)).toBeLessThan(1e-12);
    });
    await whole.release();
    await part.release();
  });

  it('are trained alone: the rest is in the files of weights as it was, and stays so where a run begins from these', async () => {
    const [out, next] = [join(folder, 'run'), join(folder, 'next')];
    const chosen = { ...config, parameters: ['!dense1', '!*.bias'] };
    const { records } = await train(chosen, { runtime, out });
    const [first, last] = [tensorsOf(out, 0), tensorsOf(out, 6)];
    const moved = [...first.keys()].filter((name) => String(first.get(name)!.data) !== String(last.get(name)!.data));
    expect(moved.sort()).toEqual(['dense2.weight', 'dense3.weight']);
    expect(records.at(-1)!.loss).toBeLessThan(records[0]!.loss);

    const other = { ...chosen, parameters: ['dense1'], steps: 0 };
    const initFrom = join(out, 'weights', 'step-00000006.safetensors');
    const begun = await train(other, { runtime, out: next, initFrom });
    expect(begun.records[0]!.loss).toBeCloseTo(records.at(-1)!.loss, 12);
    expect([...tensorsOf(next, 0)].map(([name, { data }]) => [name, String(data)])).toEqual(
      [...last].map(([name, { data }]) => [name, String(data)]),
    );
  });

  it('are part of a run, and refused in words where they are none', async () => {
    const out = join(folder, 'again');
    const chosen = { ...config, steps: 3, parameters: ['dense2'] };
    const { records } = await train(chosen, { runtime, out });
    expect((await train(chosen, { runtime, out })).records).toEqual(records);
    await expect(train({ ...chosen, parameters: ['dense3'] }, { runtime, out })).rejects.toThrow(
      /belongs to another run: run.config.parameters/,
    );
    await expect(trainProblem({ ...config, parameters: ['dense9'] }, runtime)).rejects.toThrow(
      /no parameter belongs to dense9; the layers are dense1, dense2, dense3/,
    );
    await expect(trainProblem({ ...config, parameters: ['dense1', '!dense1'] }, runtime)).rejects.toThrow(
      /leaves none/,
    );
    const plain: TrainConfig = {
      ...config,
      model: 'softmax',
      activation: 'relu',
      backend: 'plain',
      parameters: ['dense1'],
    };
    await expect(trainProblem(plain)).rejects.toThrow(/the plain backend trains all parameters/);
  });
});
