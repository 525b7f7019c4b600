import { expect, it } from 'vitest';
import { heldInputs } from '../../../../src/data/rows.js';
import { UsageError } from '../../../../src/errors.js';
import { nativeRuntime } from '../../../../src/tensor/engine/index.js';
import { trainDefaults, type TrainConfig } from '../../../../src/train/train-config.js';
import { trainProblem } from '../../../../src/train/train-problem.js';
import type { TrainedNetwork } from '../../../../src/studies/reproduce/probes/at-weights.js';
import { classSpaces, type ClassSpaces } from '../../../../src/studies/reproduce/probes/class-spaces.js';

const [k, d, h, samples] = [3, 4, 5, 30];
const config: TrainConfig = {
  ...trainDefaults,
  model: `mlp:${h}`,
  activation: 'relu',
  data: { ...trainDefaults.data, source: `mixture:${k},${d},0.5,${samples}` },
  precision: 'f64',
};

/** ‖P x‖²/‖x‖² on a space of orthonormal vectors. */
function shareIn({ data, dimension, count }: ClassSpaces['spaces']['left'], x: readonly number[]): number {
  const along = Array.from({ length: count }, (_, l) =>
    x.reduce((sum, value, i) => sum + value * data[l * dimension + i]!, 0),
  );
  return along.reduce((sum, c) => sum + c * c, 0) / x.reduce((sum, value) => sum + value * value, 0);
}

it('class spaces of a perceptron: means of what a layer gets, scores of zero sum through the transposed weights above', async () => {
  const problem = await trainProblem(config, await nativeRuntime());
  try {
    const { layout } = problem.network;
    const weights = Float64Array.from({ length: layout.size }, (_, i) => Math.sin(3 * i * i + 1));
    const network = { problem, objective: { layout }, weights } as unknown as TrainedNetwork;
    const [first, last] = classSpaces(network) as [ClassSpaces, ClassSpaces];
    const at = (name: string): number => layout.offsets[layout.specs.findIndex((spec) => spec.name === name)]!;
    const W = (layer: 1 | 2, i: number, j: number): number =>
      weights[at(`dense${layer}.weight`) + i * [d, h][layer - 1]! + j]!;
    const { inputs, targets } = problem.inputs();
    const x = heldInputs(inputs);
    const hidden = Array.from({ length: samples }, (_, s) =>
      Array.from({ length: h }, (_, i) => {
        let z = weights[at('dense1.bias') + i]!;
        for (let f = 0; f < d; f++) z += W(1, i, f) * x[s * d + f]!;
        return Math.max(0, z);
      }),
    );
    const meanOf = (c: number, of: (s: number, i: number) => number, n: number): number[] => {
      const own = hidden.flatMap((_, s) => (targets[s * k + c] === 1 ? [s] : []));
      return Array.from({ length: n }, (_, i) => own.reduce((sum, s) => sum + of(s, i) / own.length, 0));
    };
    expect([first, last].map(({ spaces: { left, right } }) => [left.count, right.count])).toEqual([
      [k - 1, k],
      [k - 1, k],
    ]);
    for (let c = 0; c < k; c++) {
      expect(
        shareIn(
          first.spaces.right,
          meanOf(c, (s, i) => x[s * d + i]!, d),
        ),
      ).toBeCloseTo(1, 10);
      expect(
        shareIn(
          last.spaces.right,
          meanOf(c, (s, i) => hidden[s]![i]!, h),
        ),
      ).toBeCloseTo(1, 10);
      const scores = Array.from({ length: k }, (_, a) => (a === c ? 1 : 0) - 1 / k);
      expect(shareIn(last.spaces.left, scores)).toBeCloseTo(1, 10);
      const back = Array.from({ length: h }, (_, j) => scores.reduce((sum, score, a) => sum + score * W(2, a, j), 0));
      expect(shareIn(first.spaces.left, back)).toBeCloseTo(1, 10);
    }
    const smooth = { ...problem, run: { ...problem.run, config: { ...config, activation: 'tanh' } } };
    expect(() => classSpaces({ ...network, problem: smooth } as unknown as TrainedNetwork)).toThrow(UsageError);
  } finally {
    await problem.release();
  }
});
