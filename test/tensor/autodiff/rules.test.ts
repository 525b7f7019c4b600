import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradient, multiply, square, tangent, total, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import {
  absoluteInner,
  everyOperation,
  inner,
  kindsIn,
  like,
  orZero,
  randomBindings,
  type Bindings,
  type Case,
  type Domain,
} from './operations.js';

const sampleCounts = fc.integer({ min: 1, max: 3 });
const seeds = fc.nat(1e6);
const run = { seed: 1, numRuns: 60 };

const direction = (x: Tensor, which = 'd'): Tensor => like(x, `${which} ${nameOf(x)}`);
const nameOf = ({ operation }: Tensor): string => (operation as { readonly name: string }).name;

/** The inputs in the domain of the case, directions and cotangents normal. */
function bindingsOf({ inputs, domain }: Case, others: readonly Tensor[], samples: number, seed: number): Bindings {
  const at = (tensors: readonly Tensor[], where: Domain): Bindings => randomBindings(tensors, samples, where, seed);
  return { ...at(inputs, domain), ...at(others, 'any') };
}

/** x + h d, for every input. */
function moved(inputs: readonly Tensor[], bindings: Bindings, h: number): Bindings {
  const entries = inputs.map((x): [string, Float64Array] => {
    const d = bindings[`d ${nameOf(x)}`]!;
    return [nameOf(x), bindings[nameOf(x)]!.map((value, i) => value + h * d[i]!)];
  });
  return { ...bindings, ...Object.fromEntries(entries) };
}

describe.each(everyOperation)('the rules of %s', (kind, cases) => {
  it('are tried on graphs that hold the operation', () => {
    const held = fc.sample(cases, { seed: 1, numRuns: 60 }).filter(({ output }) => kindsIn(output).has(kind));
    // Operations on axes of length 1, or on nothing but zeros, are left out when graphs are built.
    expect(held.length).toBeGreaterThan(15);
  });

  it('satisfy ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ to rounding', () => {
    fc.assert(
      fc.property(cases, sampleCounts, seeds, (example, samples, seed) => {
        const { inputs, output } = example;
        const cotangent = like(output, 'cotangent');
        const directions = inputs.map((x) => direction(x));
        const [forward] = tangent([output], new Map(inputs.map((x, i) => [x, directions[i]!])));
        const backward = gradient(total(multiply(cotangent, output)), inputs);
        const bindings = bindingsOf(example, [...directions, cotangent], samples, seed);
        const [ydot, ...xbar] = interpret(
          [orZero(forward, output), ...backward.map((g, i) => orZero(g, inputs[i]!))],
          bindings,
          samples,
        ).map(({ data }) => data);
        const left = inner(bindings.cotangent!, ydot!);
        const right = xbar.reduce((sum, g, i) => sum + inner(g, bindings[`d ${nameOf(inputs[i]!)}`]!), 0);
        const scale = xbar.reduce(
          (sum, g, i) => sum + absoluteInner(g, bindings[`d ${nameOf(inputs[i]!)}`]!),
          absoluteInner(bindings.cotangent!, ydot!),
        );
        expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-12 * scale);
      }),
      run,
    );
  });

  it.runIf(kind !== 'detach')('have the JVP of fourth-order differences', () => {
    fc.assert(
      fc.property(cases, sampleCounts, seeds, (example, samples, seed) => {
        const { inputs, output } = example;
        const directions = inputs.map((x) => direction(x));
        const [forward] = tangent([output], new Map(inputs.map((x, i) => [x, directions[i]!])));
        const bindings = bindingsOf(example, directions, samples, seed);
        const at = (h: number): Float64Array => interpret([output], moved(inputs, bindings, h), samples)[0]!.data;
        const h = 1e-3;
        const [near, nearBack, far, farBack] = [at(h), at(-h), at(2 * h), at(-2 * h)];
        const jvp = interpret([orZero(forward, output)], bindings, samples)[0]!.data;
        const size = near.reduce((largest, y) => Math.max(largest, Math.abs(y)), 1);
        jvp.forEach((value, i) => {
          const difference = (8 * (near[i]! - nearBack[i]!) - (far[i]! - farBack[i]!)) / (12 * h);
          // Truncation h⁴ f⁽⁵⁾/30, where f⁽⁵⁾ is at most that of 1/x at 0.5 with |ẋ| ≤ 4: 120·2⁶·4⁵; rounding 1.5 ε/h.
          expect(Math.abs(difference - value)).toBeLessThan(3e-7 * size);
        });
      }),
      run,
    );
  });

  it('have symmetric second derivatives, uᵀ H v = vᵀ H u, to rounding', () => {
    fc.assert(
      fc.property(cases, sampleCounts, seeds, (example, samples, seed) => {
        const { inputs, output } = example;
        const weight = like(output, 'weight');
        const slopes = gradient(total(multiply(multiply(weight, output), square(output))), inputs);
        const [us, vs] = ['u', 'v'].map((which) => inputs.map((x) => direction(x, which))) as [Tensor[], Tensor[]];
        const along = (ds: readonly Tensor[]) => tangent(slopes, new Map(inputs.map((x, i) => [x, ds[i]!])));
        const bindings = bindingsOf(example, [...us, ...vs, weight], samples, seed);
        const values = (hs: readonly (Tensor | undefined)[]) =>
          interpret(
            hs.map((g, i) => orZero(g, inputs[i]!)),
            bindings,
            samples,
          );
        const [Hu, Hv] = [values(along(us)), values(along(vs))];
        const dot = (ds: readonly Tensor[], hs: typeof Hu, product: typeof inner) =>
          ds.reduce((sum, d, i) => sum + product(bindings[nameOf(d)]!, hs[i]!.data), 0);
        const scale = dot(us, Hv, absoluteInner) + dot(vs, Hu, absoluteInner);
        expect(Math.abs(dot(us, Hv, inner) - dot(vs, Hu, inner))).toBeLessThanOrEqual(1e-12 * scale);
      }),
      run,
    );
  });
});
