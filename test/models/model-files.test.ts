import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../src/errors.js';
import { sha256Of } from '../../src/files/sha256.js';
import { buildNetwork } from '../../src/loss/network/network.js';
import { crossEntropy, squaredError } from '../../src/loss/network/losses.js';
import { dense, sequential } from '../../src/loss/network/layers.js';
import { writeOnnx } from '../../src/loss/network/onnx-export.js';
import { hasActivation, models } from '../../src/models/model-text.js';
import { readModel } from '../../src/models/read-model.js';
import { input, total } from '../../src/tensor/autodiff/index.js';
import { modelType } from '../tensor/engine/model-type.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-files-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const options = { outputs: 3, activation: 'tanh', bias: true } as const;
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
/** The parameters that a model declares for samples of a shape. */
const parametersFor = async (path: string, inputShape: readonly number[]): Promise<string[]> => {
  const { layers } = (await readModel(path)).networkFor(inputShape, options);
  const network = buildNetwork({ inputShape, outputs: 3, layers, loss: (scores) => total(scores) }, 'evaluate');
  return network.layout.specs.map(({ name, shape }) => `${name} ${shape.join('×')}`);
};

describe('the text of a model', () => {
  it('is an architecture, or a file by its ending, which is not looked at', () => {
    expect(models.read('mlp:10').kind).toBe('architecture');
    expect(models.read('no/such/net.onnx').kind).toBe('onnx');
    expect(models.read('no/such/net.mjs').kind).toBe('module');
    expect(() => models.read('net.js')).toThrow(/no network 'net.js'.*or a file: FILE.onnx or FILE.mjs/);
    expect(['mlp:3', 'softmax', 'net.mjs', 'net.onnx'].map(hasActivation)).toEqual([true, false, true, false]);
  });
});

describe('a module', () => {
  const body = 'sequential({ first: dense(4), act: activation, last: dense(outputs) })';

  it('exports a function of the data, which is given layers and choices', async () => {
    const path = written(
      'made.mjs',
      `export default ([features], { outputs, activation, layers: { dense, sequential } }) => features === 5 ? ${body} : dense(outputs);`,
    );
    expect(await parametersFor(path, [5])).toEqual([
      'first.weight 4×5',
      'first.bias 4',
      'last.weight 3×4',
      'last.bias 3',
    ]);
    expect(await parametersFor(path, [6])).toEqual(['weight 3×6', 'bias 3']);
  });

  it('exports layers, the shape that they take, and a loss', async () => {
    const path = written(
      'given.mjs',
      'export default { inputShape: [5], layers: (x, context) => context.parameter("w", [3, 5], "weight") && x };' +
        'export const loss = (outputs) => outputs;',
    );
    expect(await parametersFor(path, [5])).toEqual(['w 3×5']);
    const model = await readModel(path);
    expect(model.loss).toBeTypeOf('function');
    expect(() => model.networkFor([6], options)).toThrow(/takes inputs of shape \[5\], the data have \[6\]/);
    expect(() => model.networkFor([6], options)).toThrow(UsageError);
    const [scores, targets] = [input('x', ['n', 3]), input('y', ['n', 3])];
    expect(() => model.loss!(scores, targets, scores)).toThrow(/its loss is no single number, the sum over samples/);
    const summed = written('summed.mjs', 'export default (x) => x; export const loss = (outputs) => outputs;');
    expect((await readModel(summed)).loss!(total(scores), targets, scores).shape).toEqual([]);
  });

  it('is another once it is edited, also in one process', async () => {
    const path = written('edited.mjs', 'export default (_, { layers }) => layers.dense(2);');
    const before = await readModel(path);
    expect(await parametersFor(path, [5])).toEqual(['weight 2×5', 'bias 2']);
    writeFileSync(path, 'export default (_, { layers }) => layers.dense(7);');
    expect(await parametersFor(path, [5])).toEqual(['weight 7×5', 'bias 7']);
    expect((await readModel(path)).file!.sha256).not.toBe(before.file!.sha256);
  });

  it.each([
    ['that is not there', undefined, /could not be read/],
    ['that is no JavaScript', 'export default {{{', /could not be loaded as a module/],
    ['whose code throws', 'throw new TypeError("on purpose")', /could not be loaded as a module: on purpose/],
    ['without a default', 'export const x = 1', /its default export has no layers; it should export/],
    ['with a number', 'export default 3', /its default export has no layers/],
    [
      'with a shape that is none',
      'export default { layers: (x) => x, inputShape: [0.5] }',
      /its inputShape is no list/,
    ],
    ['with a loss that is none', 'export default (x) => x; export const loss = 3', /its loss is no function/],
    ['whose function fails', 'export default () => { null.x }', /failed: Cannot read properties of null/],
    ['whose function returns no layer', 'export default () => 3', /its function returned no layer/],
    ['whose layers fail', 'export default () => (x) => x.y.z', /failed: Cannot read properties of undefined/],
    ['whose layers return no tensor', 'export default () => () => 3', /its layers returned no tensor/],
  ])('%s is refused in words', async (name, code, message) => {
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
    if (code !== undefined) writeFileSync(path, code);
    const used = parametersFor(path, [5]);
    await expect(used).rejects.toThrow(message);
    await expect(used).rejects.toBeInstanceOf(DataError);
  });
});

describe('an ONNX file', () => {
  const layers = sequential({ first: dense(4), last: dense(3) });
  const network = buildNetwork({ inputShape: [6], outputs: 3, layers, loss: crossEntropy }, 'evaluate');
  const weights = Float64Array.from({ length: network.layout.size }, (_, i) => Math.sin(i));
  const bytes = writeOnnx(network, weights);

  it('brings layers and weights, takes samples of as many numbers in another shape, and is held against ONNX Runtime', async () => {
    const path = written('own.onnx', bytes);
    const model = await readModel(path);
    expect(model.file).toMatchObject({ kind: 'onnx' });
    const flat = model.networkFor([6], options);
    expect([...flat.weights!.get('first.weight')!]).toEqual([...Float32Array.from(weights.subarray(0, 24))]);
    expect(flat.notes).toEqual([]);
    await flat.check!(await nativeRuntime());
    expect(await parametersFor(path, [1, 2, 3])).toEqual(await parametersFor(path, [6]));
    expect(model.networkFor([1, 2, 3], options).notes).toEqual([`${path}: samples [1, 2, 3] are given as [6]`]);
    expect(() => model.networkFor([7], options)).toThrow(/takes samples of shape \[6\], the data have \[7\]/);
  });

  it('has single numbers as parameters where they are selected', async () => {
    const one = buildNetwork({ inputShape: [6], outputs: 1, layers: dense(1), loss: squaredError }, 'evaluate');
    const path = written('one.onnx', writeOnnx(one, Float64Array.of(1, 2, 3, 4, 5, 6, 7)));
    const namesOf = async (patterns: readonly string[]): Promise<string[]> => [
      ...(await readModel(path, patterns)).networkFor([6], options).weights!.keys(),
    ];
    expect(await namesOf([])).toEqual(['weight']);
    expect(await namesOf(['*'])).toEqual(['weight', 'bias']);
    expect(await namesOf(['!bias'])).toEqual(['weight']);
  });

  it('takes token ids that it knows, and no numbers in their place', async () => {
    const { networkFor } = await readModel('test/golden/pytorch/gpt.onnx');
    expect(() => networkFor([8], { ...options, vocabulary: 17 })).not.toThrow();
    expect(() => networkFor([8], { ...options, vocabulary: 18 })).toThrow(
      /knows the token ids 0 … 16, the data have 0 … 17/,
    );
    expect(() => networkFor([8], options)).toThrow(/looks its inputs up, 0 … 16, and the data are no token ids/);
  });

  it('keeps arrays in files of its own folder, and in no others', async () => {
    const apart = join(folder, 'apart');
    mkdirSync(apart);
    const external = (location: string): Uint8Array => {
      const model = modelType.decode(bytes) as unknown as {
        graph: {
          initializer: { name: string; rawData?: Uint8Array; dataLocation?: number; externalData?: object[] }[];
        };
      };
      const array = model.graph.initializer.find(({ name }) => name === 'first.weight')!;
      writeFileSync(join(apart, 'first.bin'), array.rawData!);
      delete array.rawData;
      Object.assign(array, { dataLocation: 1, externalData: [{ key: 'location', value: location }] });
      return modelType.encode(model).finish();
    };
    const path = join(apart, 'net.onnx');
    writeFileSync(path, external('first.bin'));
    const model = await readModel(path);
    expect(model.file!.external).toEqual({ 'first.bin': sha256Of(readFileSync(join(apart, 'first.bin'))) });
    const { weights: own, notes, check } = model.networkFor([6], options);
    expect([...own!.get('first.weight')!]).toEqual([...Float32Array.from(weights.subarray(0, 24))]);
    expect(notes).toEqual([]);
    await check!(await nativeRuntime());

    written('outside.bin', readFileSync(join(apart, 'first.bin')));
    symlinkSync(join(folder, 'outside.bin'), join(apart, 'link.bin'));
    for (const location of ['../outside.bin', join(folder, 'outside.bin'), 'link.bin']) {
      writeFileSync(path, external(location));
      await expect(readModel(path)).rejects.toThrow(/which is not in its folder; only files there are read/);
    }
    writeFileSync(path, external('none.bin'));
    await expect(readModel(path)).rejects.toThrow(/none.bin could not be read/);
  });

  it('is refused in words where it is none', async () => {
    await expect(readModel(join(folder, 'none.onnx'))).rejects.toThrow(DataError);
    await expect(readModel(written('text.onnx', 'no model'))).rejects.toThrow(DataError);
  });
});
