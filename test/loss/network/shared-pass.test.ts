import { describe, expect, it } from 'vitest';
import { directionsOf } from '../../../src/loss/network/directions.js';
import { lastPass } from '../../../src/loss/network/last-pass.js';
import { objective } from '../../../src/loss/network/objective.js';
import type { ProgramCache } from '../../../src/loss/network/program-cache.js';
import { networkSnapshot } from '../../../src/loss/network-snapshot.js';
import type { Objective, Score, Statistics } from '../../../src/loss/objective.js';
import { stoppable } from '../../../src/loss/stoppable.js';
import { precisionOf, zeros, type FloatArray, type Precision } from '../../../src/numeric/kernels/float-array.js';
import { randomProblem, randomVectors, runtime } from './problems.js';

const relu = ['mlp:5,4', [6], { samples: 23, activation: 'relu' }] as const;
const tanh = ['mlp:5,4', [6], { samples: 23 }] as const;
const normalised = ['convnet-regularised', [1, 10, 10], { samples: 3 }] as const;
type Case = typeof relu | typeof tanh | typeof normalised;
const inPrecision = (values: FloatArray, precision: Precision): FloatArray => {
  const result = zeros(precision, values.length);
  result.set(values);
  return result;
};

function problem([model, shape, options]: Case, precision: Precision) {
  const { network, samples, weights, statistics } = randomProblem(model, shape, options);
  const { count, inputs, targets } = samples;
  const given = { count, inputs: inPrecision(inputs, precision), targets: inPrecision(targets, precision) };
  const lossWith = (memory: number, programs: ProgramCache = new Map()) =>
    objective(network, given, { runtime, precision, chunk: 5, memory, programs });
  return { lossWith, weights: inPrecision(weights, precision), statistics };
}

describe('the pass that an evaluation leaves to products', () => {
  it.each([
    ['f32', relu],
    ['f64', relu],
    ['f32', tanh],
    ['f64', tanh],
    ['f32', normalised],
  ] as const)('gives the same bytes as without it: %s %j', async (precision, which) => {
    const { lossWith, weights, statistics } = problem(which, precision);
    const [none, programs] = [lossWith(0), new Map() as ProgramCache];
    const kept = lossWith(2 ** 20, programs);
    expect(await kept.evaluate(weights, statistics)).toEqual(await none.evaluate(weights, statistics));
    expect(await none.score(weights, statistics)).toEqual(await scoreOf(kept, weights, statistics));
    const [v, without] = [randomVectors(weights.length, 1, 3), lossWith(2 ** 20)];
    const fresh = await without.curvature('hessian', weights, { statistics }).apply(v, 1);
    expect(await kept.curvature('hessian', weights, { statistics }).apply(v, 1)).toEqual(fresh);
    expect([...programs.keys()]).not.toContain('hessian  primal');

    // Weights that are changed in place are others.
    weights[0]! += 0.5;
    const moved = await kept.curvature('hessian', weights, { statistics }).apply(v, 1);
    expect(moved).toEqual(await without.curvature('hessian', weights, { statistics }).apply(v, 1));
    expect(moved).not.toEqual(fresh);
    expect([...programs.keys()]).toContain('hessian  primal');
  });
});

it('objectives that share their graphs may keep the pass or not, whichever was first', async () => {
  for (const memories of [
    [0, 2 ** 20],
    [2 ** 20, 0],
  ]) {
    const programs: ProgramCache = new Map();
    const { lossWith, weights } = problem(tanh, 'f64');
    const v = randomVectors(weights.length, 1, 3);
    const alone = lossWith(0);
    for (const memory of memories) {
      const loss = lossWith(memory, programs);
      expect(await loss.evaluate(weights)).toEqual(await alone.evaluate(weights));
      const product = await loss.curvature('hessian', weights).apply(v, 1);
      expect(product).toEqual(await alone.curvature('hessian', weights).apply(v, 1));
    }
  }
});

it('a top fraction of a float32 gradient whose error is not measured is not bounded', async () => {
  const measured = async (precision: Precision, effort: number, accuracy?: number) => {
    const { lossWith, weights } = problem(tanh, precision);
    const search = {
      top: 4,
      time: 0,
      subspace: 3,
      tolerance: precision === 'f64' ? 1e-10 : 1e-5,
      effort,
      ...(accuracy !== undefined && { accuracy }),
    };
    return (await networkSnapshot(lossWith(2 ** 20), weights, search)).pairs.topFraction!;
  };
  const exact = await measured('f64', 4);
  expect(exact.upper - exact.lower).toBeLessThan(1e-6);
  expect(await measured('f32', 0)).toMatchObject({ lower: 0, upper: 1 });
  const known = await measured('f32', 0, 1e-3);
  expect(known.upper).toBeLessThan(1); // Lanczos of g bounds it from above without a search
  expect(known.lower).toBeLessThanOrEqual(exact.estimate);
  expect(known.upper).toBeGreaterThanOrEqual(exact.estimate);
});

/** Loss and accuracy as they come with the gradient. */
async function scoreOf(measured: Objective, weights: FloatArray, statistics: Statistics): Promise<Score> {
  const { loss, accuracy } = await measured.evaluate(weights, statistics);
  return { loss, accuracy };
}

it('blocks of float32 have the products of the same numbers in float64, of any length, by an operator of that precision', async () => {
  const { lossWith, weights } = problem(relu, 'f32');
  const hessian = lossWith(2 ** 20).curvature('hessian', weights);
  expect(hessian.precision).toBe('f32');
  expect(lossWith(0).precise().curvature('hessian', weights).precision).toBe('f64');
  expect(stoppable(lossWith(0), () => Promise.resolve()).curvature('hessian', weights).precision).toBe('f32');
  for (const length of [1, 0.01, 1e-25, 1e25]) {
    const single = Float32Array.from(randomVectors(weights.length, 2, 3), (x) => length * x);
    const double = Float64Array.from(single);
    for (const product of [hessian.apply.bind(hessian), hessian.precise!.bind(hessian)]) {
      expect(await product(single as FloatArray as Float64Array, 2)).toEqual(await product(double, 2));
    }
  }
});

it('the last pass is that of the last θ and statistics, by their numbers', () => {
  const last = lastPass();
  const [weights, statistics, pass] = [Float64Array.of(1, 2), { mean: Float64Array.of(3) }, [{}]];
  expect(last.at(weights, statistics)).toBeUndefined();
  last.keep(weights, statistics, pass);
  expect(last.at(Float64Array.of(1, 2), { mean: Float64Array.of(3) })).toBe(pass);
  for (const [others, and] of [
    [Float64Array.of(1, 2.5), statistics],
    [Float64Array.of(1), statistics],
    [weights, { mean: Float64Array.of(4) }],
    [weights, { variance: Float64Array.of(3) }],
    [weights, {}],
  ] as const) {
    expect(last.at(others, and as typeof statistics)).toBeUndefined();
  }
  statistics.mean[0] = 4;
  expect(last.at(weights, statistics)).toBeUndefined();
  last.keep(weights, statistics, []);
  expect(last.at(weights, statistics)).toEqual([]);
  last.forget();
  expect(last.at(weights, statistics)).toBeUndefined();
});

it('directions of the precision and of a length of order 1 are no copies; all others come to it', () => {
  const { network } = randomProblem('mlp:5,4', [6], {});
  const { layout } = network;
  for (const precision of ['f32', 'f64'] as const) {
    const vectors = inPrecision(randomVectors(layout.size, 2, 1), precision);
    const { factors, inputs } = directionsOf(vectors, 2, layout, precision);
    expect(factors.every((factor) => Math.log2(factor) % 1 === 0)).toBe(true);
    for (const [name, part] of Object.entries(inputs)) {
      const isOf = (j: number): boolean => name.startsWith(`direction ${j}:`);
      const isView = part.buffer === vectors.buffer;
      expect(isView).toBe(factors[isOf(0) ? 0 : 1] === 1);
    }
    const unit = vectors.map((x) => x / 64);
    expect(directionsOf(unit, 2, layout, precision).factors).toEqual([1, 1]);
    for (const other of ['f32', 'f64'] as const) {
      const given = directionsOf(unit, 2, layout, other);
      for (const part of Object.values(given.inputs)) {
        expect(precisionOf(part)).toBe(other);
        expect(part.buffer === unit.buffer).toBe(other === precision);
      }
    }
  }
});
