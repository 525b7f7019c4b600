import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataError, TinySubspaceError, UsageError } from '../errors.js';
import { readBytes } from '../files/read-bytes.js';
import { sha256Of } from '../files/sha256.js';
import { activation } from '../loss/network/activations.js';
import type { ArchitectureOptions } from '../loss/network/architectures/architecture.js';
import * as layers from '../loss/network/layers.js';
import type { Layer } from '../loss/network/layers.js';
import type { Loss } from '../loss/network/losses.js';
import * as tensors from '../tensor/autodiff/index.js';
import type { Model } from './model.js';

/**
 * What the function of a module is given beside the shape of a sample: what the configuration leaves open, the activation chosen, the layers, and
 * the operations on tensors that layers are made of; so that it needs no import.
 */
export interface ModuleOptions extends Omit<ArchitectureOptions, 'activation'> {
  readonly activation: Layer;
  readonly layers: typeof layers;
  readonly tensors: typeof tensors;
}

/** What a module exports as its default: layers with the shape of a sample that they take, if they care; or a function that makes layers for the data there are. */
export type ModelModule =
  | { readonly inputShape?: readonly number[]; readonly layers: Layer }
  | ((inputShape: readonly number[], options: ModuleOptions) => Layer);

const wanted =
  'export a network by default: (inputShape, { outputs, layers }) => layers.dense(outputs), or { layers: … }, and a loss by its name if it likes';

/**
 * The network of a module FILE.mjs. Its code runs with all that the user may do. Throws DataError where it cannot be loaded, exports no network, or its
 * own code throws.
 */
export async function moduleModel(path: string): Promise<Model> {
  const sha256 = sha256Of(readBytes(path, 'point to a module with a network'));
  const { make, inputShape, loss } = exported(path, await loaded(path, sha256));
  return {
    networkFor(shape, options) {
      if (inputShape !== undefined && String(inputShape) !== String(shape)) {
        throw new UsageError(
          `${path} takes inputs of shape [${inputShape.join(', ')}], the data have [${shape.join(', ')}]; choose other data, or change the module`,
        );
      }
      const given: ModuleOptions = { ...options, activation: activation(options.activation), layers, tensors };
      const made = run(path, () => make(shape, given));
      if (typeof made !== 'function') throw noNetwork(path, 'its function returned no layer');
      const checked: Layer = (x, context) => {
        const value = run(path, () => (made as Layer)(x, context));
        if (isTensor(value)) return value;
        throw noNetwork(path, 'its layers returned no tensor');
      };
      return { layers: checked, notes: [] };
    },
    denseInput: null,
    file: { kind: 'module', sha256 },
    ...(loss === undefined ? {} : { loss: checkedLoss(path, loss) }),
  };
}

/** Modules are kept by their address: with its SHA-256, an edited file is another. */
async function loaded(path: string, sha256: string): Promise<{ readonly default?: unknown; readonly loss?: unknown }> {
  try {
    return (await import(`${pathToFileURL(resolve(path)).href}?sha256=${sha256}`)) as object;
  } catch (cause) {
    throw new DataError(`${path} could not be loaded as a module: ${messageOf(cause)}`, { cause });
  }
}

interface Exported {
  readonly make: (inputShape: readonly number[], options: ModuleOptions) => unknown;
  readonly inputShape?: readonly number[];
  readonly loss?: Loss;
}

function exported(
  path: string,
  { default: found, loss }: { readonly default?: unknown; readonly loss?: unknown },
): Exported {
  if (loss !== undefined && typeof loss !== 'function') throw noNetwork(path, 'its loss is no function');
  const withLoss = loss === undefined ? {} : { loss: loss as Loss };
  if (typeof found === 'function') return { make: found as Exported['make'], ...withLoss };
  const { inputShape, layers: made } = (found ?? {}) as { readonly inputShape?: unknown; readonly layers?: unknown };
  if (typeof made !== 'function') throw noNetwork(path, 'its default export has no layers');
  if (inputShape === undefined) return { make: () => made, ...withLoss };
  if (!isShape(inputShape)) throw noNetwork(path, 'its inputShape is no list of positive integers');
  return { make: () => made, inputShape, ...withLoss };
}

const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((extent) => Number.isInteger(extent) && extent > 0);

/** The loss of a module, which must be one number. */
const checkedLoss =
  (path: string, loss: Loss): Loss =>
  (...given) => {
    const value = run(path, () => loss(...given));
    if (isTensor(value) && value.shape.length === 0) return value;
    throw noNetwork(path, 'its loss is no single number, the sum over samples');
  };

/** What code of the module returns; what it throws of its own is said to be its own. */
function run<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof TinySubspaceError) throw cause;
    throw new DataError(`${path} failed: ${messageOf(cause)}`, { cause });
  }
}

const isTensor = (value: unknown): boolean => Array.isArray((value as { shape?: unknown } | undefined)?.shape);
const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
const noNetwork = (path: string, problem: string): DataError =>
  new DataError(`${path}: ${problem}; it should ${wanted}`);
