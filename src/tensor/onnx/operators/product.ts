import { add, matmul, multiply, reshape, scale, sum, transpose, type Tensor } from '../../autodiff/index.js';
import { merged, without } from '../axes.js';
import type { Call } from '../call.js';
import type { Operator } from '../operator.js';

/** NumPy's matmul: a vector is a row on the left, a column on the right, and that axis goes away again. */
function product(call: Call): Tensor {
  const [a, b] = [call.tensor(0), call.tensor(1)];
  const [left, right] = [a.shape.length === 1, b.shape.length === 1];
  const y = matmul(left ? reshape(a, [1, ...a.shape]) : a, right ? reshape(b, [...b.shape, 1]) : b);
  const rank = y.shape.length;
  return without(y, [...(left ? [rank - 2] : []), ...(right ? [rank - 1] : [])]);
}

function gemm(call: Call): Tensor {
  const flags = { transposeA: call.int('transA', 0) === 1, transposeB: call.int('transB', 0) === 1 };
  const y = scale(matmul(call.tensor(0), call.tensor(1), flags), call.float('alpha', 1));
  return call.has(2) ? add(y, scale(call.tensor(2), call.float('beta', 1))) : y;
}

interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/** Einstein's sum over what the equation repeats: pairs of operands are matrix products of their merged axes. */
function einsum(call: Call): Tensor {
  const [left, right] = call.text('equation').replaceAll(' ', '').split('->') as [string, string | undefined];
  const operands = left.split(',').map((term, i): Labelled => {
    const tensor = call.tensor(i);
    return { tensor, labels: labelsOf(call, term, tensor.shape.length) };
  });
  const counts = new Map<string, number>();
  for (const label of operands.flatMap(({ labels }) => labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const once = [...counts].filter(([, count]) => count === 1).map(([label]) => label);
  const dots = [...counts.keys()].filter((label) => label.startsWith('.')).sort();
  const output =
    right === undefined ? [...dots, ...once.filter((label) => !label.startsWith('.')).sort()] : expanded(right, dots);
  const result = operands.reduce((a, b, i) => {
    const later = operands.slice(i + 1).flatMap(({ labels }) => labels);
    return pairOf(a, b, new Set([...output, ...later]));
  });
  return ordered(summed(result, new Set(output)), output).tensor;
}

const expanded = (term: string, dots: readonly string[]): string[] =>
  Array.from(term.replace('...', '.')).flatMap((label) => (label === '.' ? dots : [label]));

function labelsOf(call: Call, term: string, rank: number): string[] {
  const named = term.replace('...', '').length;
  const dots = Array.from({ length: rank - named }, (_, i) => `.${String(rank - named - i).padStart(2, '0')}`);
  const labels = expanded(term, dots);
  if (labels.length !== rank)
    call.fail(`the term '${term}' of its equation does not have the ${rank} axes of its operand`);
  if (new Set(labels).size < rank)
    call.fail(`the term '${term}' of its equation takes a diagonal, which is not expressed here`);
  return labels;
}

function summed({ tensor, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (kept.has(label) ? [] : [axis]));
  return { tensor: without(sum(tensor, axes), axes), labels: labels.filter((label) => kept.has(label)) };
}

const ordered = ({ tensor, labels }: Labelled, wanted: readonly string[]): Labelled => ({
  tensor: transpose(
    tensor,
    wanted.map((label) => labels.indexOf(label)),
  ),
  labels: wanted,
});

/** Two operands as one: labels of both that are kept are many products, those of both that are not are summed over. */
function pairOf(first: Labelled, second: Labelled, kept: ReadonlySet<string>): Labelled {
  const a = summed(first, new Set([...kept, ...second.labels]));
  const b = summed(second, new Set([...kept, ...first.labels]));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const [many, inner] = [shared.filter((label) => kept.has(label)), shared.filter((label) => !kept.has(label))];
  const [rows, columns] = [a, b].map(({ labels }) => labels.filter((label) => !shared.includes(label))) as [
    string[],
    string[],
  ];
  if (inner.length === 0) {
    const labels = [...many, ...rows, ...columns];
    const [x, y] = [ordered(a, [...many, ...rows]).tensor, ordered(b, [...many, ...columns]).tensor];
    const wide = reshape(x, [...x.shape, ...columns.map(() => 1)]);
    const high = reshape(y, [...y.shape.slice(0, many.length), ...rows.map(() => 1), ...y.shape.slice(many.length)]);
    return { tensor: multiply(wide, high), labels };
  }
  const x = ordered(a, [...many, ...rows, ...inner]).tensor.shape;
  const y = ordered(b, [...many, ...inner, ...columns]).tensor.shape;
  const [manyDims, rowDims, innerDims] = [
    x.slice(0, many.length),
    x.slice(many.length, many.length + rows.length),
    x.slice(many.length + rows.length),
  ];
  const columnDims = y.slice(many.length + inner.length);
  const left = reshape(ordered(a, [...many, ...rows, ...inner]).tensor, [
    ...manyDims,
    merged(rowDims),
    merged(innerDims),
  ]);
  const right = reshape(ordered(b, [...many, ...inner, ...columns]).tensor, [
    ...manyDims,
    merged(innerDims),
    merged(columnDims),
  ]);
  return {
    tensor: reshape(matmul(left, right), [...manyDims, ...rowDims, ...columnDims]),
    labels: [...many, ...rows, ...columns],
  };
}

export const productOperators: readonly Operator[] = [
  { name: 'MatMul', help: 'products of matrices, as NumPy has them', apply: product },
  { name: 'Gemm', help: 'α A B + β C, A and B transposed if so asked', apply: gemm },
  {
    name: 'Einsum',
    help: "Einstein's sum of any operands",
    limits: 'diagonals (a label twice in one term)',
    apply: einsum,
  },
];
