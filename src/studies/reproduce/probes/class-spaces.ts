import { UsageError } from '../../../errors.js';
import { heldInputs } from '../../../data/rows.js';
import { parts } from '../../../loss/parameters.js';
import { addScaled, dot, orthonormalise, type Columns } from '../../../numeric/kernels/orthonormalise.js';
import type { TrainedNetwork } from './at-weights.js';

/** The spaces of the classes on both sides of a weight matrix, [rows, columns] = [outputs, inputs]. */
export interface ClassSpaces {
  /** The name of the matrix, and its place in the layout. */
  readonly layer: string;
  readonly place: number;
  readonly rows: number;
  readonly columns: number;
  /**
   * right: the span of the class means of the layer's inputs, k dimensions. left: the scores of zero sum, k − 1 dimensions, brought back to the layer's outputs by the transposed weights of the layers above, as
   * if there were no activation between them.
   */
  readonly spaces: Readonly<Record<'left' | 'right', Columns>>;
}

/** The class spaces of every layer of softmax regression or of an MLP with ReLU. Throws UsageError for other networks. Cost: a pass over the samples, in plain TypeScript. */
export function classSpaces({ problem, objective, weights }: TrainedNetwork): ClassSpaces[] {
  const { model, activation } = problem.run.config;
  if (model !== 'softmax' && !(model.startsWith('mlp:') && activation === 'relu'))
    throw new UsageError(`class spaces are those of softmax or of an mlp with relu, received ${model}, ${activation}`);
  const { specs } = objective.layout;
  const of = parts(objective.layout, Float64Array.from(weights));
  const { count, inputs, targets } = problem.inputs();
  const labels = labelsOf(targets, count);
  const layers = specs.flatMap(({ name, shape, role }, place) =>
    role === 'weight' ? [{ name, place, rows: shape[0]!, columns: shape[1]!, matrix: of[name]! }] : [],
  );
  const classes = layers.at(-1)!.rows;
  let x: Float64Array = Float64Array.from(heldInputs(inputs));
  let back: Columns[] = [zeroSum(classes)];
  for (const { rows, columns, matrix } of layers.slice(1).reverse())
    back = [pulledBack(matrix, rows, columns, back[0]!), ...back];
  return layers.map(({ name, place, rows, columns, matrix }, i): ClassSpaces => {
    const right = span(classMeansOf(x, labels, classes), columns);
    if (i + 1 < layers.length) x = activated(x, matrix, of[name.replace(/weight$/, 'bias')], rows, columns);
    return { layer: name, place, rows, columns, spaces: { left: back[i]!, right } };
  });
}

function labelsOf(targets: ArrayLike<number>, count: number): Uint16Array {
  const k = targets.length / count;
  return Uint16Array.from({ length: count }, (_, i) => {
    let label = 0;
    while (targets[i * k + label] !== 1) label++;
    return label;
  });
}

const span = (data: Float64Array, dimension: number): Columns =>
  orthonormalise(
    { dimension, data, count: data.length / dimension },
    { dimension, data: new Float64Array(0), count: 0 },
    1e-9,
  );

const zeroSum = (k: number): Columns =>
  span(
    Float64Array.from({ length: (k - 1) * k }, (_, i) => (i % k === Math.floor(i / k) ? 1 : 0) - 1 / k),
    k,
  );

/** Wᵀ of every vector. */
function pulledBack(matrix: Float64Array, rows: number, columns: number, { data, count }: Columns): Columns {
  const pulled = new Float64Array(count * columns);
  for (let l = 0; l < count; l++) {
    for (let i = 0; i < rows; i++) addScaled(data[l * rows + i]!, matrix, i * columns, pulled, l * columns, columns);
  }
  return span(pulled, columns);
}

function classMeansOf(x: Float64Array, labels: Uint16Array, classes: number): Float64Array {
  const n = x.length / labels.length;
  const means = new Float64Array(classes * n);
  const sizes = new Float64Array(classes);
  for (const label of labels) sizes[label]!++;
  labels.forEach((label, i) => {
    addScaled(1 / sizes[label]!, x, i * n, means, label * n, n);
  });
  return means;
}

/** max(0, W x + b) of every sample. */
function activated(
  x: Float64Array,
  matrix: Float64Array,
  bias: Float64Array | undefined,
  rows: number,
  columns: number,
): Float64Array {
  return Float64Array.from({ length: (x.length / columns) * rows }, (_, at) => {
    const [sample, unit] = [Math.floor(at / rows), at % rows];
    return Math.max(0, dot(matrix, unit * columns, x, sample * columns, columns) + (bias?.[unit] ?? 0));
  });
}
