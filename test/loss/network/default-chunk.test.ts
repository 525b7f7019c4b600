import { describe, expect, it } from 'vitest';
import { activationEntries } from '../../../src/loss/network/activation-entries.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { defaultBlock, defaultChunk } from '../../../src/loss/network/default-chunk.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { buildNetwork, type Network } from '../../../src/loss/network/network.js';

function build(
  model: string,
  inputShape: readonly number[],
  { activation = 'relu', vocabulary }: { readonly activation?: 'relu' | 'gelu'; readonly vocabulary?: number } = {},
): Network {
  const tokens = vocabulary === undefined ? {} : { vocabulary, perToken: true };
  const layers = architecture(model, inputShape, { outputs: 10, activation, bias: true, ...tokens });
  const targetShape = vocabulary === undefined ? [10] : inputShape;
  return buildNetwork({ inputShape, outputs: 10, targetShape, layers, loss: crossEntropy }, 'evaluate');
}

describe('defaultChunk', () => {
  // Sums over samples are the same bytes for the same chunks only: these stay.
  it.each([
    ['softmax', [784], 'relu', 1000],
    ['mlp:100,100', [1, 28, 28], 'relu', 32],
    ['mlp:100,100', [784], 'gelu', 1000],
    ['mlp:100,100', [3072], 'relu', 325],
    ['mlp:2000,2000', [784], 'gelu', 1000],
    ['mlp:10000,10000', [784], 'relu', 92],
    [`mlp:${'100,'.repeat(499)}100`, [20], 'gelu', 1000],
    ['convnet', [3, 32, 32], 'gelu', 32],
    ['resnet18', [3, 32, 32], 'gelu', 32],
    ['resnet18:128', [3, 32, 32], 'gelu', 32],
  ] as const)('of %s on %j with %s is %4$i', (model, inputShape, activation, chunk) => {
    expect(defaultChunk(build(model, inputShape, { activation }))).toBe(chunk);
  });

  it('holds 2²⁴ numbers of sequences and of large images, or one sample', () => {
    for (const network of [
      build('transformer:2,128,4', [32], { vocabulary: 113 }),
      build('encoder:1,64,2', [100], { vocabulary: 50, activation: 'gelu' }),
      build('vit:4,2,64,4', [3, 32, 32], { activation: 'gelu' }),
      build('resnet18:16', [3, 96, 96]),
    ]) {
      const [chunk, each] = [defaultChunk(network), activationEntries(network)];
      expect(chunk * each).toBeLessThanOrEqual(2 ** 24);
      expect((chunk + 1) * each).toBeGreaterThan(2 ** 24);
    }
    const long = build('transformer:1,64,4', [2048], { vocabulary: 50 });
    expect(activationEntries(long)).toBeGreaterThan(2 ** 24);
    expect(defaultChunk(long)).toBe(1);
    expect(defaultBlock(long)).toBeGreaterThan(1);
    expect(defaultChunk(build('encoder:1,2,1', [2], { vocabulary: 3 }))).toBe(1000);
  });

  it('leaves ten directions to small graphs, fewer to those that take long to load', () => {
    expect(defaultBlock(build('mlp:100,100', [784], { activation: 'gelu' }))).toBe(10);
    expect(defaultBlock(build('convnet', [3, 32, 32]))).toBe(10);
    expect(defaultBlock(build('mlp:2000,2000', [784]))).toBe(1); // by the time of one run
    const blocks = [1, 2, 4, 16].map((layers) => defaultBlock(build(`encoder:${layers},8,2`, [8], { vocabulary: 9 })));
    expect(blocks).toEqual([...blocks].sort((a, b) => b - a));
    expect(blocks[0]).toBeLessThan(10);
    expect(blocks.at(-1)).toBe(1);
  });

  it('is of few images where one has more activations than any named network', () => {
    const wide = build('resnet18:512', [3, 32, 32]);
    expect(defaultChunk(wide) * activationEntries(wide)).toBeLessThanOrEqual(2 ** 30);
    expect(defaultChunk(wide)).toBeGreaterThan(1);
  });
});
