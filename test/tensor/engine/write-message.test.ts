import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFields } from '../../../src/tensor/engine/onnx-schema.js';
import { writeMessage } from '../../../src/tensor/engine/write-message.js';
import { readMessage } from '../../../src/tensor/onnx/wire.js';
import { modelType } from './model-type.js';

const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  uint64: fc.maxSafeNat(),
  double: fc.double(),
  float: fc.float(),
  string: fc.string({ unit: 'binary' }),
  bytes: fc.uint8Array({ maxLength: 5 }),
};

/** Any message of a type; those of types within are left out once it is deep. */
function anyMessage(type: string, depth: number): fc.Arbitrary<object> {
  const fields = messageFields.get(type)!.flatMap(({ key, type: of, rule }) => {
    if (depth === 0 && scalars[of] === undefined) return [];
    const one = scalars[of] ?? anyMessage(of, depth - 1);
    return [[key, rule === 'repeated' ? fc.array(one, { maxLength: 2 }) : one] as const];
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

describe('writeMessage', () => {
  it('writes the bytes that protobufjs writes', () => {
    fc.assert(
      fc.property(anyMessage('ModelProto', 3), (message) => {
        const reference = modelType.encode(modelType.fromObject(message)).finish();
        expect(Buffer.from(writeMessage(message, 'ModelProto')).toString('hex')).toBe(
          Buffer.from(reference).toString('hex'),
        );
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('writes what is read back the same', () => {
    fc.assert(
      fc.property(anyMessage('ModelProto', 3), (message) => {
        const bytes = writeMessage(message, 'ModelProto');
        expect(writeMessage(readMessage(bytes, 'ModelProto'), 'ModelProto')).toEqual(bytes);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('makes no function from text, which a page may not', () => {
    const made = globalThis.Function;
    globalThis.Function = (() => {
      throw new EvalError('code generation from strings disallowed');
    }) as unknown as FunctionConstructor;
    try {
      expect([...writeMessage({ producerName: 'x' }, 'ModelProto')]).toEqual([18, 1, 120]);
    } finally {
      globalThis.Function = made;
    }
  });
});
