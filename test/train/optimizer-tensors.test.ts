import { describe, expect, it } from 'vitest';
import { formatSafetensors, parseSafetensors } from '../../src/files/safetensors.js';
import type { StoredTensor } from '../../src/files/stored-tensor.js';
import { DataError } from '../../src/errors.js';
import { adamDefaults, initialState, optimizerStep, type Optimizer } from '../../src/train/optimizer.js';
import { optimizerFromTensors, optimizerTensors } from '../../src/train/optimizer-tensors.js';
import type { FloatArray } from '../../src/numeric/kernels/float-array.js';
import { randomStream } from '../../src/numeric/random.js';

const optimizers: readonly Optimizer[] = [
  { kind: 'sgd' },
  { kind: 'momentum', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.9 },
  adamDefaults,
];
const normals = (seed: number): Float64Array => {
  const stream = randomStream(seed, 'normals');
  return new Float64Array(7).map(() => stream.normal());
};

describe('optimizer tensors', () => {
  it.each(optimizers.map((optimizer) => [optimizer.kind, optimizer] as const))(
    'let %s go on with the same bytes after a checkpoint',
    (_, optimizer) => {
      for (const start of [normals(0), Float32Array.from(normals(0))] as FloatArray[]) {
        let straight = { parameters: start, state: initialState(optimizer, start) };
        let resumed = straight;
        for (let t = 1; t <= 12; t++) {
          straight = optimizerStep(optimizer, straight, normals(t), 0.1);
          resumed = optimizerStep(optimizer, resumed, normals(t), 0.1);
          if (t % 5 !== 0) continue;
          const saved = parseSafetensors(formatSafetensors(optimizerTensors(resumed.state)), 'checkpoint').tensors;
          resumed = { ...resumed, state: optimizerFromTensors(optimizer, saved, resumed.parameters) };
        }
        expect(resumed).toEqual(straight);
        expect(resumed.state.step).toBe(12);
      }
    },
  );

  it('are found among the other tensors of a checkpoint', () => {
    const theta = normals(1);
    const state = initialState(adamDefaults, theta);
    const all = new Map<string, StoredTensor>([['weights', { shape: [7], data: theta }], ...optimizerTensors(state)]);
    expect(optimizerFromTensors(adamDefaults, all, theta)).toEqual(state);
  });

  it('refuse another optimizer, another length or precision, and a step that is none', () => {
    const theta = normals(1);
    const tensors = optimizerTensors(initialState(adamDefaults, theta));
    const refuse = (optimizer: Optimizer, saved: typeof tensors, parameters: FloatArray, message: RegExp): void => {
      expect(() => optimizerFromTensors(optimizer, saved, parameters)).toThrow(DataError);
      expect(() => optimizerFromTensors(optimizer, saved, parameters)).toThrow(message);
    };
    refuse({ kind: 'sgd' }, tensors, theta, /'optimizer\.first-moment' is of another optimizer than 'sgd'/);
    refuse(adamDefaults, tensors, theta.subarray(1), /must hold 6 numbers in f64.*received 7 numbers/);
    refuse(adamDefaults, tensors, Float32Array.from(theta), /7 numbers in f32.*received 7 numbers in a Float64Array/);
    const sgd = optimizerTensors(initialState({ kind: 'sgd' }, theta));
    refuse(adamDefaults, sgd, theta, /first-moment.*received none/);
    refuse({ kind: 'sgd' }, new Map(), theta, /'optimizer\.step' must be one whole number/);
    const negative = new Map([['optimizer.step', { shape: [], data: BigInt64Array.of(-1n) }]]);
    refuse({ kind: 'sgd' }, negative, theta, /'optimizer\.step' must be one whole number/);
  });
});
