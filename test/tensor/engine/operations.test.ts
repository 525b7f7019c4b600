import fc from 'fast-check';
import { describe, it } from 'vitest';
import { gradient, multiply, square, tangent, total, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, nativeRuntime, type Precision } from '../../../src/tensor/engine/index.js';
import { everyOperation, like, randomBindings, type Case } from '../autodiff/operations.js';
import { expectAgreement } from './agreement.js';

const runtime = await nativeRuntime();
const nameOf = ({ operation }: Tensor): string => (operation as { readonly name: string }).name;

/** The value y, its JVP, the gradient of Σ c y³, and H v of that, as far as they are not zero. */
function everyGraph({ inputs, output }: Case): { outputs: Record<string, Tensor>; others: Tensor[] } {
  const weight = like(output, 'weight');
  const directions = inputs.map((x) => like(x, `d ${nameOf(x)}`));
  const along = new Map(inputs.map((x, i) => [x, directions[i]!]));
  const slopes = gradient(total(multiply(multiply(weight, output), square(output))), inputs);
  const named = {
    value: output,
    jvp: tangent([output], along)[0],
    ...Object.fromEntries(slopes.map((slope, i) => [`gradient ${i}`, slope])),
    ...Object.fromEntries(tangent(slopes, along).map((product, i) => [`Hv ${i}`, product])),
  };
  const present = Object.entries(named).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
  return { outputs: Object.fromEntries(present), others: [...directions, weight] };
}

const precisions: readonly Precision[] = ['f64', 'f32'];

describe.each(everyOperation)('%s on ONNX Runtime', (_, cases) => {
  it.each(precisions)(
    'equals the interpreter in %s, with gradient, JVP and Hv, at n = 1, 2 and 7',
    async (precision) => {
      await fc.assert(
        fc.asyncProperty(cases, fc.nat(1e6), async (example, seed) => {
          const { outputs, others } = everyGraph(example);
          const program = await compile(runtime, outputs, { precision });
          for (const samples of [1, 2, 7]) {
            const bindings = {
              ...randomBindings(example.inputs, samples, example.domain, seed),
              ...randomBindings(others, samples, 'any', seed),
            };
            await expectAgreement(
              program,
              outputs,
              bindings,
              samples,
              interpret(Object.values(outputs), bindings, samples),
            );
          }
          await program.release();
        }),
        { seed: 2, numRuns: 12 },
      );
    },
  );
});
