import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { floats, integers, written, type WrittenModel, type WrittenNode } from '../../tensor/onnx/written.js';
import { agrees, model, node, refusal, scoresOf } from './imported.js';

describe('a file whose output is one number', () => {
  const weights = { w: floats(4, 3), c: { shape: [4], entries: [0.1, -0.2, 0.3, 0.5] } };
  /** Σ over axes of the square of x·w. */
  const squares: readonly WrittenNode[] = [node('MatMul', ['x', 'w'], 'z'), node('Mul', ['z', 'z'], 'square')];
  const graph = (nodes: readonly WrittenNode[], more: Partial<WrittenModel> = {}): WrittenModel => ({
    inputs: { x: ['n', 4] },
    outputs: ['y'],
    outputShape: [],
    initializers: { ...weights, half: { shape: [], entries: [0.5] }, penalty: { shape: [], entries: [0.01] } },
    nodes: [...squares, ...nodes],
    ...more,
  });
  const meanOf = (from: string, to: string): WrittenNode => node('ReduceMean', [from], to, { keepdims: 0 });
  const penalised = graph([
    meanOf('square', 'mean'),
    node('Mul', ['mean', 'half'], 'halved'),
    node('Mul', ['c', 'c'], 'cc'),
    node('ReduceSum', ['cc'], 'norm', { keepdims: 0 }),
    node('Mul', ['norm', 'penalty'], 'term'),
    node('Add', ['halved', 'term'], 'y'),
  ]);

  it('is the loss of each sample where it is their mean: means, multiples and sums of such, and penalties', async () => {
    const imported = await agrees(penalised);
    expect([...imported.weights.keys()]).toEqual(['w', 'c']);
    expect(imported).toMatchObject({ isMean: true, outputShape: [] });
    expect(imported.notes).toContain('its output is a mean over samples: the network gives that of each');
    const x = floats(3, 4).entries as readonly number[];
    const { w, c } = { w: imported.weights.get('w')!, c: imported.weights.get('c')! };
    const expected = [0, 1, 2].map((i) => {
      const z = [0, 1, 2].map((j) => [0, 1, 2, 3].reduce((sum, k) => sum + x[4 * i + k]! * w[3 * k + j]!, 0));
      const penalty = Math.fround(0.01) * c.reduce((sum, entry) => sum + entry ** 2, 0);
      return (0.5 * z.reduce((sum, entry) => sum + entry ** 2, 0)) / 3 + penalty;
    });
    const { data: found } = scoresOf(imported, x, 3);
    expect(found).toHaveLength(3);
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! / value - 1)).toBeLessThan(1e-6);
    });
  });

  it('may be fixed to a number of samples, of tokens of sequences, and a cross-entropy', async () => {
    await agrees(graph([meanOf('square', 'y')], { inputs: { x: [5, 4] }, outputShape: [1] }));
    const scores: readonly WrittenNode[] = [
      node('MatMul', ['x', 'w'], 'scores'),
      node('Reshape', ['scores', 'flat'], 'rows'),
      node('LogSoftmax', ['rows'], 'logs', { axis: -1 }),
      meanOf('logs', 'y'),
    ];
    const initializers = { ...weights, flat: integers(-1, 3) };
    await agrees({ inputs: { x: ['n', 2, 4] }, outputs: ['y'], outputShape: [], initializers, nodes: scores });
  });

  it.each([
    ['a sum', [node('ReduceSum', ['square'], 'y', { keepdims: 0 })]],
    ['a root of a mean', [meanOf('square', 'mean'), node('Sqrt', ['mean'], 'y')]],
    [
      'one with the number of samples',
      [
        meanOf('square', 'mean'),
        node('Shape', ['x'], 's', { end: 1 }),
        node('Cast', ['s'], 'count', { to: 1 }),
        node('Add', ['mean', 'count'], 'y'),
      ],
    ],
    ['a product of means', [meanOf('square', 'mean'), meanOf('z', 'other'), node('Mul', ['mean', 'other'], 'y')]],
    [
      'a variance over the batch',
      [meanOf('z', 'm'), node('Sub', ['z', 'm'], 'd'), node('Mul', ['d', 'd'], 'v'), meanOf('v', 'y')],
    ],
  ] as const)('is refused as %s', (_, nodes) => {
    expect(refusal(graph(nodes))).toMatch(/one number for all samples, which is not written as a mean over them/);
  });

  it('is refused where a sample has a part in the loss of another, as is any output', async () => {
    const beside: readonly WrittenNode[] = [
      node('ReduceSum', ['z', 'first'], 'all', { keepdims: 1 }),
      node('Mul', ['z', 'all'], 'mixed'),
    ];
    const initializers = { ...weights, first: integers(0) };
    for (const mixed of [
      graph([...beside, meanOf('mixed', 'y')], { initializers }),
      graph([...beside, node('Identity', ['mixed'], 'y')], { initializers, outputShape: ['n', 3] }),
    ]) {
      const check = checkImport(await nativeRuntime(), written(mixed), model(mixed));
      await expect(check).rejects.toThrow(/depends on the samples beside it/);
      await expect(check).rejects.toBeInstanceOf(DataError);
    }
  });
});
