import { add } from '../../../tensor/autodiff/index.js';
import { activation, type Activation } from '../activations.js';
import type { Layer, LayerEntry } from '../layer.js';
import { attention, type AttentionOptions } from './attention.js';
import { dense } from './dense.js';
import { layerNorm } from './normalisation.js';

/** What a block is made of besides its heads. */
export interface TransformerBlockOptions extends AttentionOptions {
  /** Between the two dense layers; default 'gelu'. */
  readonly activation?: Activation;
}

/**
 * A block of a transformer, normalised before its parts: x ← x + attn(norm1(x)), x ← x + mlp(norm2(x)), mlp two dense layers `fc1` and `fc2` with
 * 4 width units between them. x [n, T, width].
 */
export function transformerBlock(
  heads: number,
  { activation: between = 'gelu', causal = false, bias = true }: TransformerBlockOptions = {},
): Layer {
  return (x, context) => {
    const width = x.shape.at(-1) as number;
    const attended = add(
      x,
      attention(heads, { causal, bias })(layerNorm(x, context.scope('norm1')), context.scope('attn')),
    );
    const mlp = context.scope('mlp');
    const hidden = dense(4 * width, { bias })(layerNorm(attended, context.scope('norm2')), mlp.scope('fc1'));
    return add(attended, dense(width, { bias })(activation(between)(hidden, mlp), mlp.scope('fc2')));
  };
}

export const transformerBlockEntry: LayerEntry = {
  name: 'transformerBlock',
  call: 'transformerBlock(heads, { causal, activation, bias })',
  help: 'attention and two dense layers, each behind a layerNorm and with a skip',
  source: 'Radford et al. 2019 (GPT-2)',
  example: [transformerBlock(2, { causal: true }), [3, 4]],
};
