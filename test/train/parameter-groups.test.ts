import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { parameterLayout } from '../../src/loss/parameters.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { initialState, optimizerStep, standardOptimizer, type Optimizer } from '../../src/train/optimizer.js';
import { stretchesOf, type ParameterGroup } from '../../src/train/parameter-groups.js';
import { checkTrainConfig, trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import { train } from '../../src/train/train.js';

const runtime = await nativeRuntime();
const folder = mkdtempSync(join(tmpdir(), 'parameter-groups-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** θ = (dense1.weight, dense1.bias, norm.gain, dense2.weight), one number each. */
const layout = parameterLayout(
  ['dense1.weight', 'dense1.bias', 'norm.gain', 'dense2.weight'].map((name) => ({
    name,
    shape: [1],
    role: 'weight' as const,
  })),
);
const gradients = [
  [3, 3, 3, 3],
  [1, 1, 1, 1],
].map((g) => Float64Array.from(g));

/** θ after two steps from (2, 2, 2, 2). */
function stepped(optimizer: Optimizer, groups?: readonly ParameterGroup[], rate = 0.5): number[] {
  const parameters = new Float64Array(4).fill(2);
  const stretches = stretchesOf(optimizer, groups, layout);
  const last = gradients.reduce((at, gradient) => optimizerStep(optimizer, at, gradient, rate, stretches), {
    parameters,
    state: initialState(optimizer, parameters),
  });
  return [...last.parameters];
}

describe('groups of parameters', () => {
  it("follow two steps of PyTorch's AdamW computed by hand, each with its own decay and rate", () => {
    // β₁ = 1/2, β₂ = 3/4, ε = 1: with g = 3 the step of Adam is η · 3/4, then with g = 1 it is η (5/3)/(√(31/7) + 1).
    const optimizer: Optimizer = { kind: 'adamw', beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 0.5 };
    const groups = [
      { parameters: ['*.bias', 'norm'], weightDecay: 0 },
      { parameters: ['dense2'], rate: 0.5 },
    ];
    const second = 5 / 3 / (Math.sqrt(31 / 7) + 1);
    const expected = [
      (3 / 4) * ((3 / 4) * 2 - 3 / 8) - second / 2, // η = 1/2, λ = 1/2
      2 - 3 / 8 - second / 2, // η = 1/2, λ = 0
      2 - 3 / 8 - second / 2,
      (7 / 8) * ((7 / 8) * 2 - 3 / 16) - second / 4, // η = 1/4, λ = 1/2
    ];
    stepped(optimizer, groups).forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i]!, 14);
    });
  });

  it.each(['sgd', 'momentum', 'nesterov', 'adam', 'adamw'] as const)(
    'take the steps that they would take alone: %s',
    (kind) => {
      const optimizer = standardOptimizer(kind);
      const halved = stepped(optimizer, undefined, 0.25);
      const whole = stepped(optimizer);
      const mixed = stepped(optimizer, [{ parameters: ['!dense1'], rate: 0.5 }]);
      expect(mixed).toEqual([...whole.slice(0, 2), ...halved.slice(2)]);
      expect(mixed).not.toEqual(whole);
      expect(stepped(optimizer, [{ parameters: ['dense1'], rate: 1 }])).toEqual(whole);
    },
  );

  it.each<[string, ParameterGroup[], RegExp, Optimizer['kind']?]>([
    ['that name nothing', [{ parameters: ['dense3'], rate: 2 }], /no parameter belongs to dense3/],
    [
      'that overlap',
      [
        { parameters: ['*.bias'], rate: 2 },
        { parameters: ['dense1'], weightDecay: 0 },
      ],
      /dense1.bias is in two groups, \*.bias and dense1: let one of them leave it out, with !dense1.bias/,
    ],
    ['with a constant there is not', [{ parameters: ['norm'], weightDecay: 0 }], /no constant of sgd/, 'sgd'],
  ])('are refused %s', (_, groups, message, kind = 'adamw') => {
    expect(() => stretchesOf(standardOptimizer(kind), groups, layout)).toThrow(UsageError);
    expect(() => stretchesOf(standardOptimizer(kind), groups, layout)).toThrow(message);
  });

  it.each([
    ['none', []],
    ['one without anything of its own', [{ parameters: ['*'] }]],
    ['a rate of 0', [{ parameters: ['*'], rate: 0 }]],
    ['a negative decay', [{ parameters: ['*'], weightDecay: -1 }]],
    ['a constant that is none', [{ parameters: ['*'], momentum: 0.5 }]],
  ])('are refused in a configuration: %s', (_, groups) => {
    expect(() => checkTrainConfig({ ...trainDefaults, groups })).toThrow(/groups/);
  });
});

const plain: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:4',
  data: { ...trainDefaults.data, source: 'mixture:3,5,0.1,60' },
  optimizer: { ...standardOptimizer('adamw'), weightDecay: 2 },
  schedule: { kind: 'cosine', rate: 0.05, last: 0, steps: 6 },
  batch: 20,
  steps: 6,
  measureEvery: 2,
  subspace: 3,
  top: 4,
  precision: 'f64',
};
const config: TrainConfig = {
  ...plain,
  warmup: 3,
  groups: [
    { parameters: ['*.bias'], weightDecay: 0 },
    { parameters: ['dense2.weight'], rate: 2 },
  ],
};

describe('a run with groups', () => {
  it('is recorded with them, and goes on where it was stopped with the same bytes', async () => {
    const [straight, resumed] = [join(folder, 'straight'), join(folder, 'resumed')];
    const whole = await train(config, { runtime, out: straight });
    expect(whole.run.config).toMatchObject({ groups: config.groups, warmup: 3 });
    const stop = new AbortController();
    const stopped = train(config, {
      runtime,
      out: resumed,
      signal: stop.signal,
      onProgress({ step }) {
        if (step === 3) stop.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    await train(config, { runtime, out: resumed });
    for (const name of ['records.jsonl', 'checkpoint.safetensors']) {
      expect(readFileSync(join(resumed, name)).equals(readFileSync(join(straight, name))), name).toBe(true);
    }
    const without = await train({ ...plain, warmup: 3 }, { runtime });
    expect(without.records[1]!.loss).not.toBe(whole.records[1]!.loss);
    expect(without.run.config).not.toHaveProperty('groups');
    // Flow time is that of the schedule behind its warm-up, whatever the groups.
    const cosine = (t: number): number => 0.05 * ((1 + Math.cos((Math.PI * t) / 6)) / 2);
    expect(whole.records[1]!.time).toBeCloseTo(cosine(0) / 3 + (2 * cosine(1)) / 3, 14);
    expect(without.records.at(-1)!.time).toBe(whole.records.at(-1)!.time);
  });

  it('is refused where a group names what is not trained, and where the law of the noise is asked for', async () => {
    await expect(
      train({ ...plain, parameters: ['dense1'], groups: [{ parameters: ['dense2'], rate: 2 }] }, { runtime }),
    ).rejects.toThrow(/no parameter belongs to dense2; the layers are dense1/);
    const noisy = { ...plain, optimizer: { kind: 'sgd' }, noiseNull: 4 } as const;
    await expect(train({ ...noisy, groups: [{ parameters: ['dense2'], rate: 2 }] }, { runtime })).rejects.toThrow(
      /groups of parameters with steps of their own have no one learning rate/,
    );
  });
});
