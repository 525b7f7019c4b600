import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradient, tangent, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { topologicalOrder } from '../../../src/tensor/autodiff/tensor.js';
import { compile, nativeRuntime, type Precision } from '../../../src/tensor/engine/index.js';
import { randomStream } from '../../../src/numeric/random.js';
import { like, orZero, randomBindings, type Bindings } from '../autodiff/operations.js';
import { expectAgreement } from './agreement.js';
import { randomConvNets, randomMlps, randomTransformers, type Network } from './networks.js';

const runtime = await nativeRuntime();
const nameOf = ({ operation }: Tensor): string => (operation as { readonly name: string }).name;

interface Curvature {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly slopes: readonly Tensor[];
  readonly products: readonly Tensor[];
  readonly directions: readonly Tensor[];
}

/** Loss, gradient and Hessian product of a network, by name. */
function curvature({ loss, parameters }: Network): Curvature {
  const directions = parameters.map((w) => like(w, `v ${nameOf(w)}`));
  const along = new Map(parameters.map((w, i) => [w, directions[i]!]));
  const rules = gradient(loss, parameters);
  const slopes = rules.map((g, i) => orZero(g, parameters[i]!));
  const products = tangent(rules, along).map((h, i) => orZero(h, parameters[i]!));
  const named = (prefix: string, tensors: readonly Tensor[]) =>
    tensors.map((x, i): [string, Tensor] => [`${prefix} ${nameOf(parameters[i]!)}`, x]);
  const outputs = Object.fromEntries([['loss', loss], ...named('gradient', slopes), ...named('Hv', products)]);
  return { outputs, slopes, products, directions };
}

/** Weights ~ 0.5 N(0, 1), one-hot targets, images N(0, 1). */
function bindingsOf(network: Network, directions: readonly Tensor[], samples: number, seed: number): Bindings {
  const drawn = randomBindings([...network.data, ...network.parameters, ...directions], samples, 'any', seed);
  const classes = drawn.target!.length / samples;
  const stream = randomStream(seed, 'classes');
  const target = new Float64Array(samples * classes);
  for (let i = 0; i < samples; i++) target[i * classes + stream.integer(classes)] = 1;
  const halved = network.parameters.map((w): [string, Float64Array] => [
    nameOf(w),
    drawn[nameOf(w)]!.map((x) => x / 2),
  ]);
  return { ...drawn, ...Object.fromEntries(halved), target, 'one over n': Float64Array.of(Math.fround(1 / samples)) };
}

const precisions: readonly Precision[] = ['f64', 'f32'];
const families: readonly (readonly [string, fc.Arbitrary<Network>, number])[] = [
  ['multilayer perceptrons', randomMlps, 100],
  ['convolutional networks', randomConvNets, 100],
  ['transformers', randomTransformers, 8],
];

describe.each(families)('random %s', (_, networks, numRuns) => {
  it.each(precisions)('have loss, gradient and Hv equal to those of the interpreter in %s', async (precision) => {
    await fc.assert(
      fc.asyncProperty(networks, fc.constantFrom(1, 2, 7), fc.nat(1e6), async (network, samples, seed) => {
        const { outputs, directions } = curvature(network);
        const bindings = bindingsOf(network, directions, samples, seed);
        const reference = interpret(Object.values(outputs), bindings, samples);
        const program = await compile(runtime, outputs, { precision });
        await expectAgreement(program, outputs, bindings, samples, reference);
        await program.release();
      }),
      { seed: 3, numRuns },
    );
  });

  it('have Hv equal to fourth-order differences of the gradient, 1e-8, wherever no kink lies between', () => {
    let compared = 0;
    fc.assert(
      fc.property(networks, fc.constantFrom(1, 3), fc.nat(1e6), (network, samples, seed) => {
        const { slopes, products, directions } = curvature(network);
        const bindings = bindingsOf(network, directions, samples, seed);
        const branches = branchesOf(network.loss);
        const at = (h: number) => {
          const moved = network.parameters.map((w, i): [string, Float64Array] => {
            const v = bindings[nameOf(directions[i]!)]!;
            return [nameOf(w), bindings[nameOf(w)]!.map((x, j) => x + h * v[j]!)];
          });
          const values = interpret([...slopes, ...branches], { ...bindings, ...Object.fromEntries(moved) }, samples);
          return {
            gradient: concatenated(values.slice(0, slopes.length)),
            taken: takenBranches(branches, values.slice(slopes.length)),
          };
        };
        const h = 1e-4 * (network.isSmooth ? 5 : 1);
        const [near, nearBack, far, farBack] = [at(h), at(-h), at(2 * h), at(-2 * h)];
        const taken = [near, nearBack, far, farBack].map((point) => point.taken);
        if (network.isSmooth) expect(new Set(taken).size).toBe(1);
        if (new Set(taken).size > 1) return; // a kink lies between: there is no second derivative to compare
        compared++;
        const Hv = concatenated(interpret(products, bindings, samples));
        const scale = Math.hypot(...Hv) + Math.hypot(...near.gradient);
        const error = Math.hypot(
          ...Hv.map((value, i) => {
            const [a, b] = [near.gradient[i]! - nearBack.gradient[i]!, far.gradient[i]! - farBack.gradient[i]!];
            return (8 * a - b) / (12 * h) - value;
          }),
        );
        expect(error, network.description).toBeLessThanOrEqual(1e-8 * scale);
      }),
      { seed: 4, numRuns },
    );
    expect(compared).toBeGreaterThan(0.8 * numRuns);
  });
});

/** What decides on which side of a kink a network is: the arguments of relu, and the winners of max pooling. */
function branchesOf(loss: Tensor): Tensor[] {
  return topologicalOrder([loss]).flatMap(({ operation, inputs }) =>
    operation.kind === 'relu' || operation.kind === 'gather' ? [inputs.at(-1)!] : [],
  );
}

function takenBranches(branches: readonly Tensor[], values: readonly { readonly data: Float64Array }[]): string {
  return branches
    .map(({ operation }, i) => {
      const { data } = values[i]!;
      return (operation.kind === 'maxPoolIndices' ? data : data.map((x) => Number(x > 0))).join();
    })
    .join(';');
}

function concatenated(values: readonly { readonly data: Float64Array }[]): number[] {
  return values.flatMap(({ data }) => [...data]);
}
