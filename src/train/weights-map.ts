import type { NamedTensors, StoredTensor } from '../files/stored-tensor.js';
import { DataError, UsageError } from '../errors.js';
import type { StatisticSpec } from '../loss/network/context.js';
import type { ParameterLayout } from '../loss/parameters.js';
import { listed } from './load-weights.js';

/** What a file of weights must hold: parameters and statistics by name and shape. */
export interface WeightsShape {
  readonly layout: ParameterLayout;
  readonly statistics: readonly StatisticSpec[];
}

/** What somebody says of the names in a file: tensor → parameter, or layer → layer, for all tensors of it. */
export type GivenMap = Readonly<Record<string, string>>;

/** Our name → the file's, for every parameter and for the statistics that are there. */
export type NameMap = ReadonlyMap<string, string>;

/**
 * Which tensor of a file each parameter is: the one of its name, or what is given, or, where names are others, layer by layer. Layers
 * whose names differ only in numbers (`0`, `2`, `10` of PyTorch's `nn.Sequential`; `fc1`, `fc2`) come in the order of these; that, names that
 * are ours and the shapes must leave one assignment, in which every tensor of real numbers has its place. Tensors of integers are taken by name alone.
 *
 * Throws DataError where none fits or several do, listing tensors and layers; UsageError where what is given names something else.
 */
export function weightNames(path: string, tensors: NamedTensors, shape: WeightsShape, given: GivenMap | null): NameMap {
  if (given !== null) return named(tensors, shape, givenNames(path, tensors, shape, given));
  const names = shape.layout.specs.every(({ name }) => tensors.has(name))
    ? named(tensors, shape, new Map())
    : namesByLayer(path, tensors, shape);
  const used = new Set(names.values());
  const unused = [...tensors].filter(([name, tensor]) => isReal(tensor) && !used.has(name));
  if (unused.length > 0) throw misfit(path, tensors, shape, `there is no place for ${listed(unused)}`);
  return names;
}

/** Those given, and for the rest the names themselves. */
function named(tensors: NamedTensors, { layout, statistics }: WeightsShape, given: NameMap): NameMap {
  return new Map([
    ...layout.specs.map(({ name }): [string, string] => [name, given.get(name) ?? name]),
    ...statistics
      .map(({ name }): [string, string] => [name, given.get(name) ?? name])
      .filter(([, theirs]) => tensors.has(theirs)),
  ]);
}

function givenNames(path: string, tensors: NamedTensors, shape: WeightsShape, given: GivenMap): NameMap {
  const ours = [...shape.layout.specs, ...shape.statistics].map(({ name }) => name);
  const names = new Map<string, string>();
  for (const [theirs, wanted] of Object.entries(given)) {
    const parts = [...tensors.keys()].filter((name) => layerOf(name) === theirs).map((name) => partOf(name));
    const pairs = tensors.has(theirs)
      ? [[wanted, theirs] as const]
      : parts.map((part) => [`${wanted}.${part}`, `${theirs}.${part}`] as const);
    const known = pairs.filter(([our]) => ours.includes(our));
    if (known.length === 0 || known.some(([our]) => names.has(our))) {
      throw new UsageError(
        `the map of ${path} says ${theirs}=${wanted}, ` +
          (known.length > 0 ? `a second tensor for ${wanted}` : 'which are no tensor and parameter, nor two layers') +
          `; the file holds ${listed(tensors)}; the network has ${ours.join(', ')}`,
      );
    }
    for (const [our, their] of known) names.set(our, their);
  }
  return names;
}

interface Layer {
  readonly name: string;
  readonly tensors: NamedTensors;
}

function namesByLayer(path: string, tensors: NamedTensors, shape: WeightsShape): NameMap {
  const { specs } = shape.layout;
  const ours = distinct(specs.map(({ name }) => layerOf(name)));
  const theirs = distinct([...tensors.keys()].map(layerOf)).map((name): Layer => {
    const own = [...tensors].filter(([tensor]) => layerOf(tensor) === name);
    return { name, tensors: new Map(own.map(([tensor, value]) => [partOf(tensor), value])) };
  });
  const fits = (layer: string, { name: their, tensors: parts }: Layer): boolean =>
    (layer === their || !theirs.some(({ name }) => name === layer)) &&
    specs.every(({ name, shape: extents }) => {
      const part = layerOf(name) === layer ? parts.get(partOf(name)) : undefined;
      return layerOf(name) !== layer || (isReal(part) && String(part.shape) === String(extents));
    });
  const found = theirs.length === ours.length ? assignments(ours, numbered(theirs), fits) : [];
  if (found.length === 0) throw misfit(path, tensors, shape, 'its layers are others');
  if (found.length > 1) {
    throw new DataError(
      `${path} holds ${listed(tensors)}: neither numbers in these names nor shapes decide which of its layers are ${ours.join(', ')}; ` +
        `say which, with --init-map ${theirs.map(({ name }) => `${name}=…`).join(',')}`,
    );
  }
  const layers = new Map(found[0]!.map(({ name }, i) => [ours[i]!, name]));
  const all = [...specs, ...shape.statistics].map(({ name }): [string, string] => {
    const layer = layers.get(layerOf(name));
    return [name, layer === undefined || layer === '' ? partOf(name) : `${layer}.${partOf(name)}`];
  });
  return new Map(all.filter(([, name]) => tensors.has(name)));
}

/** Layers in groups whose names differ only in numbers, each in their order. */
function numbered(layers: readonly Layer[]): Layer[][] {
  const groups = new Map<string, Layer[]>();
  for (const layer of layers) {
    const template = layer.name.replace(/\d+/g, '#');
    groups.set(template, [...(groups.get(template) ?? []), layer]);
  }
  return [...groups.values()].map((group) =>
    group.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
  );
}

/** Ways to give each of our layers one of theirs that keep the order within each group: two of them, if there are more. */
function assignments(
  ours: readonly string[],
  groups: readonly (readonly Layer[])[],
  fits: (layer: string, theirs: Layer) => boolean,
): (readonly Layer[])[] {
  const known = new Map<string, (readonly Layer[])[]>();
  const from = (done: number, taken: readonly number[]): (readonly Layer[])[] => {
    if (done === ours.length) return [[]];
    const key = taken.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = groups.flatMap((group, g) => {
      const next = group[taken[g]!];
      if (next === undefined || !fits(ours[done]!, next)) return [];
      return from(done + 1, taken.with(g, taken[g]! + 1)).map((rest) => [next, ...rest]);
    });
    known.set(key, found.slice(0, 2));
    return found.slice(0, 2);
  };
  return from(
    0,
    groups.map(() => 0),
  );
}

function misfit(path: string, tensors: NamedTensors, { layout }: WeightsShape, problem: string): DataError {
  const wanted = layout.specs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  return new DataError(
    `${path} does not fit the network: ${problem}; it holds ${listed(tensors)}, wanted are ${wanted}; is it of another network?`,
  );
}

function isReal(
  tensor: StoredTensor | undefined,
): tensor is StoredTensor & { readonly data: Float32Array | Float64Array } {
  return tensor?.data instanceof Float32Array || tensor?.data instanceof Float64Array;
}

const layerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));
const partOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const distinct = (names: readonly string[]): string[] => [...new Set(names)];
