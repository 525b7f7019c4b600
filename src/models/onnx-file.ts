import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { DataError, UsageError } from '../errors.js';
import { readBytes } from '../files/read-bytes.js';
import { sha256Of } from '../files/sha256.js';
import { checkImport } from '../loss/network/check-import.js';
import type { Layer } from '../loss/network/layers.js';
import { givenModel, type GivenModel } from '../loss/network/onnx-model.js';
import { entriesOf, isNamedBy } from '../loss/parameters.js';
import { reshape } from '../tensor/autodiff/index.js';
import { readOnnx } from '../tensor/onnx/read.js';
import type { Model, ModelNetwork } from './model.js';

/**
 * The network of an ONNX file; arrays that it keeps in files beside it are read from its own folder alone. `parameters`: patterns that select single numbers
 * too. Throws DataError where the file is missing, damaged, or holds what is not read.
 */
export function onnxModel(path: string, parameters: readonly string[]): Model {
  const bytes = readBytes(path, 'point to an ONNX file');
  const external = new Map<string, Uint8Array>();
  const graph = readOnnx(bytes, path, (location) => {
    const known = external.get(location) ?? besideIt(path, location);
    external.set(location, known);
    return known;
  });
  const chosen = parameters.filter((pattern) => !pattern.startsWith('!'));
  const isSelected = (name: string): boolean => chosen.some((pattern) => isNamedBy(pattern, name));
  const known = new Map<string, GivenModel>();
  /** The file's own shape of a sample is taken where it has one. */
  const modelFor = (inputShape: readonly number[]): GivenModel => {
    const own = sampleShapeOf(graph.inputs.find(({ name }) => !graph.initializers.has(name))?.shape);
    const shape = own ?? inputShape;
    const model = known.get(shape.join()) ?? givenModel(graph, { inputShape: shape, isSelected });
    known.set(shape.join(), model);
    return model;
  };
  return {
    networkFor(inputShape, { vocabulary }): ModelNetwork {
      const model = modelFor(inputShape);
      refuseOtherInputs(path, model, inputShape, vocabulary);
      const isSame = String(model.inputShape) === String(inputShape);
      const flattened: Layer = (x, context) => model.layers(reshape(x, ['n', ...model.inputShape]), context);
      const notes = [
        ...model.notes,
        ...(isSame ? [] : [`samples [${inputShape.join(', ')}] are given as [${model.inputShape.join(', ')}]`]),
      ];
      return {
        layers: isSame ? model.layers : flattened,
        weights: model.weights,
        notes: notes.map((note) => `${path}: ${note}`),
        check: async (runtime) => {
          await checkImport(runtime, bytes, model, external);
        },
      };
    },
    denseInput: null,
    file: {
      kind: 'onnx',
      sha256: sha256Of(bytes),
      ...(external.size > 0 && {
        external: Object.fromEntries([...external].map(([location, data]) => [location, sha256Of(data)])),
      }),
    },
  };
}

/** The lengths of a sample's axes, where the file fixes all of them. */
function sampleShapeOf(shape: readonly (number | string)[] | undefined): readonly number[] | undefined {
  const rest = shape?.slice(1);
  return rest?.every((dim) => typeof dim === 'number') === true ? rest : undefined;
}

function refuseOtherInputs(
  path: string,
  { inputShape: own, vocabulary: words }: GivenModel,
  inputShape: readonly number[],
  vocabulary: number | undefined,
): void {
  if (entriesOf(own) !== entriesOf(inputShape)) {
    throw new UsageError(
      `${path} takes samples of shape [${own.join(', ')}], the data have [${inputShape.join(', ')}]; choose other data, or export the network for these`,
    );
  }
  if (words !== undefined && vocabulary === undefined) {
    throw new UsageError(
      `${path} looks its inputs up, 0 … ${words - 1}, and the data are no token ids; choose other data`,
    );
  }
  if (words !== undefined && vocabulary! > words) {
    throw new UsageError(
      `${path} knows the token ids 0 … ${words - 1}, the data have 0 … ${vocabulary! - 1}; choose other data, or another network`,
    );
  }
}

/** The bytes of a file in the folder of another one. Throws DataError for one that is, or leads, elsewhere. */
function besideIt(path: string, location: string): Uint8Array {
  const folder = dirname(path);
  const file = join(folder, location);
  const isOutside = (target: string, of: string): boolean => {
    const way = relative(of, target);
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  };
  const refuse = (): never => {
    throw new DataError(
      `${path} keeps arrays in '${location}', which is not in its folder; only files there are read: export it anew, as one file`,
    );
  };
  if (isAbsolute(location) || isOutside(file, folder)) return refuse();
  const bytes = readBytes(file, `it holds arrays of ${path}: put it beside that`);
  return isOutside(realpathSync(file), realpathSync(folder)) ? refuse() : bytes;
}
