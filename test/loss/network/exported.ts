import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { readNpyFile } from '../../../src/files/npy-file.js';
import { buildNetwork, type Network } from '../../../src/loss/network/network.js';
import { lossOf } from '../../../src/loss/network/losses.js';
import { objective } from '../../../src/loss/network/objective.js';
import { givenModel, type GivenModel } from '../../../src/loss/network/onnx-model.js';
import type { Objective } from '../../../src/loss/objective.js';
import type { ParameterLayout } from '../../../src/loss/parameters.js';
import { blockLanczosAsync } from '../../../src/numeric/lanczos/block-lanczos.js';
import type { FloatArray, Precision } from '../../../src/numeric/kernels/float-array.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';

/** What test/golden/pytorch/export.py wrote: PyTorch's own numbers in float64, at the float32 weights of the file. */
export interface Facts {
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly loss: number;
  readonly eigenvalues: readonly number[];
  readonly topFraction: number;
  readonly overlap: number;
}

const folder = 'test/golden/pytorch';
export const runtime = await nativeRuntime();

/** The array of a file, all of it. */
export function numbers(name: string): Float64Array {
  const { array } = readNpyFile(`${folder}/${name}.npy`);
  return Float64Array.from(array.rows(0, array.shape[0]!));
}

/** Parameters of PyTorch by name, from their places in one vector. */
function byName({ parameters }: Facts, vector: Float64Array): Map<string, Float64Array> {
  let at = 0;
  return new Map(
    Object.entries(parameters).map(([name, shape]) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      at += length;
      return [name, vector.subarray(at - length, at)];
    }),
  );
}

/** A vector of PyTorch's in our order; what the file renamed or turned is found by its values. */
function inOrderOf(layout: ParameterLayout, of: ReadonlyMap<string, Float64Array>): Float64Array {
  const result = new Float64Array(layout.size);
  layout.specs.forEach(({ name }, i) => {
    const values = of.get(name);
    if (values === undefined) throw new Error(`PyTorch has no parameter '${name}'`);
    result.set(values, layout.offsets[i]);
  });
  return result;
}

/** ‖a − b‖/‖b‖. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (x, i) => x * b[i]!).reduce((sum, product) => sum + product, 0);

/** A network that PyTorch exported, as it is imported, and what PyTorch measured. */
export interface Exported {
  readonly facts: Facts;
  readonly bytes: Uint8Array;
  readonly model: GivenModel;
  readonly network: Network;
  /** In our order. */
  readonly gradient: Float64Array;
  /** Hv, v the direction. */
  readonly product: Float64Array;
  readonly direction: Float64Array;
  /** Its loss in a precision, and the weights of the file. */
  readonly at: (precision: Precision) => {
    readonly loss: Objective;
    readonly weights: FloatArray;
  };
}

export function exported(name: string): Exported {
  const facts = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Facts;
  const bytes = new Uint8Array(readFileSync(`${folder}/${name}.onnx`));
  const model = givenModel(readOnnx(bytes, name));
  const classes = name === 'gpt' ? 17 : 5;
  const { of, correct } = lossOf(name === 'gpt' ? 'next-token' : 'cross-entropy');
  const inputs = numbers(`${name}.x`);
  const count = inputs.length / model.inputShape.reduce((product, extent) => product * extent, 1);
  const targets = new Float64Array(name === 'gpt' ? 0 : count * classes);
  if (name !== 'gpt') numbers(`${name}.y`).forEach((label, i) => (targets[i * classes + label] = 1));
  const targetShape = name === 'gpt' ? [] : [classes];
  const network = buildNetwork(
    { inputShape: model.inputShape, outputs: classes, targetShape, layers: model.layers, loss: of, correct },
    'evaluate',
  );
  const { layout } = network;
  const weights = Float64Array.from(layout.specs.flatMap((spec) => [...model.weights.get(spec.name)!]));
  const inOurs = (values: Float64Array): Float64Array => inOrderOf(layout, byName(facts, values));
  const any = Float64Array.from({ length: layout.size }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5);
  return {
    facts,
    bytes,
    model,
    network,
    gradient: inOurs(numbers(`${name}.gradient`)),
    product: inOurs(numbers(`${name}.product`)),
    direction: inOurs(any),
    at(precision) {
      const cast = (values: Float64Array) => (precision === 'f64' ? values : Float32Array.from(values));
      const samples = { count, inputs: cast(inputs), targets: cast(targets) };
      return { loss: objective(network, samples, { runtime, precision }), weights: cast(weights) };
    },
  };
}

/** Holds the top ten eigenvalues and f_top(10) against PyTorch's and ARPACK's. */
export async function holdTopTen(
  { facts, gradient, at }: Exported,
  precision: Precision,
  bound: number,
): Promise<void> {
  const { loss, weights } = at(precision);
  try {
    const hessian = loss.curvature('hessian', weights);
    const tolerance = precision === 'f64' ? 1e-10 : 1e-6;
    const { values, vectors } = await blockLanczosAsync(hessian, { count: 10, seed: 1, tolerance, effort: 0 });
    expect(distance(values, facts.eigenvalues.slice(0, 10))).toBeLessThan(bound);
    const inside = Array.from(
      values,
      (_, i) => dot(vectors.subarray(i * gradient.length, (i + 1) * gradient.length), gradient) ** 2,
    );
    const topFraction = inside.reduce((sum, energy) => sum + energy, 0) / dot(gradient, gradient);
    expect(Math.abs(topFraction - facts.topFraction)).toBeLessThan(bound);
  } finally {
    await loss.release();
  }
}
