import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { initialParameters } from '../../../src/loss/network/initial-weights.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { buildNetwork, type Network } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { constantInputs } from '../../../src/loss/network/sampled-network.js';
import { parts } from '../../../src/loss/parameters.js';
import { compile } from '../../../src/tensor/engine/index.js';
import { plainDecoder } from './plain-decoder.js';
import { inner, randomProblem, relativeDistance, runtime } from './problems.js';
import { pythonWith } from '../../python.js';

const perToken = { vocabulary: 7, outputs: 7, perToken: true, activation: 'gelu', samples: 3 } as const;

async function scoresOf(
  { scores, layout, constants, ...rest }: Network,
  weights: Float64Array,
  inputs: Float64Array,
  samples: number,
): Promise<Float64Array> {
  const program = await compile(runtime, { scores }, { precision: 'f64' });
  const fixed = constantInputs({ scores, layout, constants, ...rest }, 'f64');
  const { scores: values } = await program.run({ x: inputs, ...fixed, ...parts(layout, weights) }, samples);
  await program.release();
  return values as Float64Array;
}

describe('a transformer', () => {
  it.each([
    ['transformer:2,8,2', true],
    ['encoder:2,8,4', false],
  ])('%s is what plain loops compute', async (model, isCausal) => {
    const { network, weights, samples } = randomProblem(model, [5], perToken);
    const heads = Number(model.split(',').at(-1));
    const received = await scoresOf(network, weights, samples.inputs as Float64Array, 3);
    const expected = [0, 1, 2].flatMap((i) =>
      plainDecoder(network.layout, weights, [...samples.inputs.subarray(5 * i, 5 * i + 5)], {
        blocks: 2,
        heads,
        isCausal,
      }).flat(),
    );
    expect(relativeDistance(received, expected)).toBeLessThan(1e-13);
  });

  it('sees no later token where it is causal, and all of them where it is not', async () => {
    for (const [model, isCausal] of [
      ['transformer:2,8,2', true],
      ['encoder:2,8,2', false],
    ] as const) {
      const { network, weights, samples } = randomProblem(model, [5], perToken);
      const inputs = samples.inputs as Float64Array;
      const changed = inputs.map((id, at) => (at % 5 === 3 ? (id + 1) % 7 : id));
      const [before, after] = [
        await scoresOf(network, weights, inputs, 3),
        await scoresOf(network, weights, changed, 3),
      ];
      for (let at = 0; at < 15; at++) {
        const moved = relativeDistance(after.subarray(7 * at, 7 * at + 7), before.subarray(7 * at, 7 * at + 7));
        if (isCausal && at % 5 < 3) expect(moved).toBe(0);
        else expect(moved).toBeGreaterThan(1e-4);
      }
    }
  });

  it('permutes its scores with its tokens where it sees all of them and positions are alike', async () => {
    const { network, weights, samples } = randomProblem('encoder:2,8,2', [5], perToken);
    parts(network.layout, weights)['position.weight']!.fill(0);
    const order = [3, 0, 4, 1, 2];
    const inputs = samples.inputs.subarray(0, 5) as Float64Array;
    const permuted = Float64Array.from(order, (t) => inputs[t]!);
    const [plain, moved] = [await scoresOf(network, weights, inputs, 1), await scoresOf(network, weights, permuted, 1)];
    order.forEach((from, t) => {
      const [a, b] = [moved.subarray(7 * t, 7 * t + 7), plain.subarray(7 * from, 7 * from + 7)];
      expect(relativeDistance(a, b)).toBeLessThan(1e-13);
    });
  });

  it('of classes is the decoder’s last position, and the mean of the encoder’s', async () => {
    for (const model of ['transformer:1,8,2', 'encoder:1,8,2']) {
      const each = randomProblem(model, [5], perToken);
      const whole = randomProblem(model, [5], { ...perToken, perToken: false });
      expect(whole.network.layout).toEqual(each.network.layout);
      const inputs = each.samples.inputs as Float64Array;
      const [one, all] = [
        await scoresOf(whole.network, each.weights, inputs, 3),
        await scoresOf(each.network, each.weights, inputs, 3),
      ];
      // The head is linear, so that the mean may be taken after it.
      for (let i = 0; i < 3; i++) {
        for (let c = 0; c < 7; c++) {
          const scores = [0, 1, 2, 3, 4].map((t) => all[(5 * i + t) * 7 + c]!);
          const expected = model.startsWith('encoder') ? scores.reduce((sum, x) => sum + x, 0) / 5 : scores[4]!;
          expect(Math.abs(one[7 * i + c]! - expected)).toBeLessThan(1e-13);
        }
      }
    }
  });

  it('names its parameters as they are named in the field, and begins as its initialisation says', () => {
    const { network } = randomProblem('transformer:1,8,2', [5], perToken);
    expect(network.layout.specs.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'token.weight 7×8',
      'position.weight 5×8',
      'block1.norm1.weight 8',
      'block1.norm1.bias 8',
      'block1.attn.qkv.weight 24×8',
      'block1.attn.qkv.bias 24',
      'block1.attn.proj.weight 8×8',
      'block1.attn.proj.bias 8',
      'block1.norm2.weight 8',
      'block1.norm2.bias 8',
      'block1.mlp.fc1.weight 32×8',
      'block1.mlp.fc1.bias 32',
      'block1.mlp.fc2.weight 8×32',
      'block1.mlp.fc2.bias 8',
      'norm.weight 8',
      'norm.bias 8',
      'head.weight 7×8',
      'head.bias 7',
    ]);
    const images = randomProblem('vit:2,1,8,2', [3, 4, 4]).network.layout.specs;
    expect(images.slice(0, 3).map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'patch.weight 8×3×2×2',
      'patch.bias 8',
      'position.weight 4×8',
    ]);
    const large = randomProblem('transformer:1,64,2', [50], { ...perToken, vocabulary: 100 }).network.layout;
    for (const [name, deviation] of [
      ['pytorch-default', 1],
      ['he-normal', 0.02],
      ['normal:0.3', 0.3],
      ['zeros', 0],
    ] as const) {
      const first = parts(large, initialParameters(large, name, 1));
      const tokens = first['token.weight']!;
      const found = Math.sqrt(inner(tokens, tokens) / tokens.length);
      expect(Math.abs(found - deviation)).toBeLessThanOrEqual(deviation * 0.05); // √(2·6400) is 113
      expect(first['norm.weight']!.every((x) => x === 1)).toBe(true);
      expect(first['norm.bias']!.every((x) => x === 0)).toBe(true);
    }
  });

  it.each([
    ['transformer:2,8', [5], { vocabulary: 7 }, /3 integers from 1 to 100000 are needed, received '2,8'/],
    ['transformer:2,8,3', [5], { vocabulary: 7 }, /heads must divide the width, received 3 heads of a width of 8/],
    ['transformer:51,8,2', [5], { vocabulary: 7 }, /at most 50 layers, received 51/],
    ['transformer:2,8,2', [5], {}, /transformer takes token ids of shape \[T\] and a vocabulary/],
    ['encoder:2,8,2', [1, 5], { vocabulary: 7 }, /encoder takes token ids/],
    ['mlp:5', [5], { vocabulary: 7 }, /mlp takes no token ids.*choose transformer or encoder/],
    ['mlp:5', [5], { perToken: true }, /mlp takes no token ids/],
    ['vit:3,1,8,2', [1, 8, 8], {}, /patches of 3 × 3 must fill images/],
    ['vit:2,1,8,2', [64], {}, /vit takes images/],
    ['normed-mlp', [64], {}, /for example normed-mlp:100,100/],
  ])('refuses %s on %j %j in words', (model, inputShape, tokens, words) => {
    const options = { outputs: 7, activation: 'relu', bias: true, ...tokens } as const;
    const build = () =>
      buildNetwork(
        { inputShape, outputs: 7, layers: architecture(model, inputShape, options), loss: crossEntropy },
        'evaluate',
      );
    expect(build).toThrow(UsageError);
    expect(build).toThrow(words);
  });
});

/** Scores, loss, gradient and Hv of a decoder for next tokens, as PyTorch computes them in float64. */
const script = `
import sys, json, torch, torch.nn.functional as F
d = json.load(sys.stdin)
w = {k: torch.tensor(v, dtype=torch.float64).reshape(s).requires_grad_() for k, s, v in d['weights']}
x = torch.tensor(d['inputs'])
H = d['heads']
norm = lambda z, k: F.layer_norm(z, z.shape[-1:], w[k + '.weight'], w[k + '.bias'])
linear = lambda z, k: F.linear(z, w[k + '.weight'], w[k + '.bias'])
z = F.embedding(x, w['token.weight']) + w['position.weight']
n, T, D = z.shape
mask = torch.ones(T, T, dtype=torch.bool).triu(1)
for b in range(1, d['blocks'] + 1):
    k = 'block%d.' % b
    q, key, v = (a.reshape(n, T, H, D // H).transpose(1, 2) for a in linear(norm(z, k + 'norm1'), k + 'attn.qkv').split(D, 2))
    a = (q @ key.transpose(2, 3) / (D // H) ** 0.5).masked_fill(mask, float('-inf')).softmax(-1)
    z = z + linear((a @ v).transpose(1, 2).reshape(n, T, D), k + 'attn.proj')
    z = z + linear(F.gelu(linear(norm(z, k + 'norm2'), k + 'mlp.fc1')), k + 'mlp.fc2')
z = linear(norm(z, 'norm'), 'head')
loss = F.cross_entropy(z[:, :-1].reshape(-1, z.shape[2]), x[:, 1:].reshape(-1))
ps = list(w.values())
g = torch.autograd.grad(loss, ps, create_graph=True)
flat = lambda ts: torch.cat([t.reshape(-1) for t in ts])
hv = torch.autograd.grad(flat(g) @ torch.tensor(d['v'], dtype=torch.float64), ps)
print(json.dumps({'loss': loss.item(), 'gradient': flat(g).tolist(), 'hv': flat(hv).tolist()}))
`;
const python = pythonWith('torch');

it.skipIf(python === undefined)('a decoder has loss, gradient and Hv of PyTorch', async () => {
  const options = { ...perToken, activation: 'gelu-erf', loss: 'next-token' } as const;
  const { network, weights, samples } = randomProblem('transformer:2,8,2', [5], options);
  const v = weights.map((_, i) => Math.sin(i));
  const named = parts(network.layout, weights);
  const { stdout, stderr } = spawnSync(python!, ['-c', script], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    input: JSON.stringify({
      weights: network.layout.specs.map(({ name, shape }) => [name, shape, [...named[name]!]]),
      inputs: [0, 1, 2].map((i) => [...samples.inputs.subarray(5 * i, 5 * i + 5)]),
      heads: 2,
      blocks: 2,
      v: [...v],
    }),
  });
  expect(stdout, stderr).not.toBe('');
  const theirs = JSON.parse(stdout) as { loss: number; gradient: number[]; hv: number[] };
  const measured = objective(network, samples, { runtime, precision: 'f64', chunk: 2 });
  const { loss, gradient } = await measured.evaluate(weights);
  const product = await measured.curvature('hessian', weights).apply(v, 1);
  await measured.release();
  expect(Math.abs(loss / theirs.loss - 1)).toBeLessThan(1e-13);
  expect(relativeDistance(gradient, theirs.gradient)).toBeLessThan(1e-12);
  expect(relativeDistance(product, theirs.hv)).toBeLessThan(1e-12);
});
