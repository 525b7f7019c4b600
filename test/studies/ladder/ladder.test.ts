import { beforeAll, describe, expect, it } from 'vitest';
import { fromModelToNetworkFigure } from '../../../figures/from-model-to-network.js';
import { ladder } from '../../../src/studies/ladder/ladder.js';
import { syntheticRungs } from '../../../src/studies/ladder/rungs.js';
import type { LadderDocument } from '../../../src/studies/ladder/ladder-document.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';

const synthetic = syntheticRungs.filter(({ adds }) => ['solvable model', 'bias', 'ReLU'].includes(adds));
const settings = { seeds: [1, 2, 3], samples: 3000, times: [1, 3] };

describe('the ladder without digits', () => {
  let document: LadderDocument;
  beforeAll(async () => {
    document = await ladder(settings, { runtime: await nativeRuntime(), digits: null, synthetic });
  }, 120_000);

  it('has the steps it is given, and no fit', () => {
    expect(document.rungs.map(({ adds }) => adds)).toEqual(['solvable model', 'bias', 'ReLU']);
    expect(document.fit).toBeNull();
  });

  it('is predicted where the network itself is solved', () => {
    for (const { adds, points } of document.rungs.filter(({ isExact }) => isExact)) {
      for (const { loss, overlap, topLevel, predicted } of points) {
        // Samples of 3000: the relative error of a mean is about 1/√3000 = 0.018, of three less.
        expect(Math.abs(loss.mean / predicted!.loss - 1), adds).toBeLessThan(0.05);
        expect(Math.abs(overlap.mean / predicted!.overlap - 1), adds).toBeLessThan(0.05);
        expect(Math.abs(topLevel.mean / predicted!.topLevel - 1), adds).toBeLessThan(0.05);
      }
    }
    expect(document.rungs[0]!.points.map(({ topFraction }) => topFraction.mean)).toEqual([
      expect.closeTo(1, 1),
      expect.closeTo(1, 1),
    ]);
  });

  it('is set beside softmax regression of the same loss beyond', () => {
    const beyond = document.rungs.filter(({ isExact }) => !isExact);
    expect(beyond.map(({ comparedAt }) => comparedAt)).toEqual(['loss']);
    const points = beyond.flatMap((rung) => rung.points);
    expect(points.map(({ predicted }) => predicted === null)).toEqual([false, false]);
    for (const { loss, predicted } of points) expect(Math.abs(predicted!.loss / loss.mean - 1)).toBeLessThan(0.02);
  });

  it('draws a figure whose caption names every step', () => {
    const { caption } = fromModelToNetworkFigure(document);
    for (const { adds } of document.rungs) expect(caption).toContain(adds);
    expect(caption).not.toMatch(/undefined|NaN|MNIST/);
  });
});
