import { UsageError } from '../../../errors.js';
import {
  add,
  isCounted,
  matmul,
  reshape,
  scale,
  slice,
  softmax,
  transpose,
  type Tensor,
} from '../../../tensor/autodiff/index.js';
import { counted } from '../../../tensor/autodiff/tensor.js';
import type { Layer, LayerEntry } from '../layer.js';
import { dense } from './dense.js';

/** Whether a position sees only those up to itself, and whether layers have biases. */
export interface AttentionOptions {
  readonly causal?: boolean;
  readonly bias?: boolean;
}

/**
 * Multi-head self-attention: softmax(q kᵀ/√(width/heads)) v in each head, the heads side by side, then a dense layer. x [n, T, width];
 * `qkv`: W [3 width, width], the rows of q, k and v one after the other, each head's side by side; `proj`: W [width, width]. The weights of
 * `qkv` are divided by the root, and not its products. Throws UsageError unless heads divide the width.
 */
export function attention(heads: number, { causal = false, bias = true }: AttentionOptions = {}): Layer {
  return (x, context) => {
    const [, length, width] = x.shape;
    if (x.shape.length !== 3 || length === undefined || isCounted(length) || typeof width !== 'number') {
      throw new UsageError(`attention takes sequences [n, tokens, width], received [${x.shape.join(', ')}]`);
    }
    if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0) {
      throw new UsageError(`heads must divide the width, received ${heads} heads of a width of ${width}`);
    }
    const of = width / heads;
    const qkv = context.scope('qkv');
    const W = qkv.parameter('weight', [3 * width, width], 'weight');
    const b = bias ? qkv.parameter('bias', [3 * width], 'bias') : undefined;
    const rows = reshape(x, [counted(length), width]);
    /** q, k or v: [n, heads, T, width/heads]. */
    const part = (i: number, factor = 1): Tensor => {
      const own = (all: Tensor) => scale(slice(all, 0, i * width, (i + 1) * width), factor);
      const product = matmul(rows, own(W), { transposeB: true });
      const shifted = b === undefined ? product : add(product, own(b));
      return transpose(reshape(shifted, ['n', length, heads, of]), [0, 2, 1, 3]);
    };
    const scores = matmul(part(0, 1 / Math.sqrt(of)), part(1), { transposeB: true });
    const seen = causal ? add(scores, context.constant('mask', [length, length], later(length))) : scores;
    const mixed = transpose(matmul(softmax(seen), part(2)), [0, 2, 1, 3]);
    return dense(width, { bias })(reshape(mixed, ['n', length, width]), context.scope('proj'));
  };
}

/** −∞ where a position would see a later one, else 0: [T, T]. */
const later = (length: number): Float64Array =>
  Float64Array.from({ length: length ** 2 }, (_, at) => (at % length > Math.floor(at / length) ? -Infinity : 0));

export const attentionEntry: LayerEntry = {
  name: 'attention',
  call: 'attention(heads, { causal, bias })',
  help: 'multi-head self-attention, of all positions or of those before',
  source: 'Vaswani et al., arXiv:1706.03762',
  example: [attention(2, { causal: true }), [3, 4]],
};
