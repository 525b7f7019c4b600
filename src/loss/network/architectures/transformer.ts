import { UsageError } from '../../../errors.js';
import { mean, reshape, slice } from '../../../tensor/autodiff/index.js';
import {
  dense,
  embedding,
  layerNorm,
  patchEmbedding,
  positionalEmbedding,
  sequential,
  transformerBlock,
  type Layer,
} from '../layers.js';
import { integersOf, type Architecture, type ArchitectureOptions, type LayersFor } from './architecture.js';

export const transformerArchitecture: Architecture = {
  name: 'transformer',
  pattern: 'transformer:LAYERS,WIDTH,HEADS',
  help: 'a decoder, each token seeing those before: scores at each token, or at the last for classes',
  source: 'Radford et al. 2019 (GPT-2), embeddings not tied',
  inputs: 'tokens',
  hasActivation: true,
  denseInput: null,
  parse: (text) => ofTokens(sizesOf(text, 'transformer:2,128,4'), { causal: true, pool: lastPosition }),
};

export const encoderArchitecture: Architecture = {
  name: 'encoder',
  pattern: 'encoder:LAYERS,WIDTH,HEADS',
  help: 'an encoder, each token seeing all: scores at each token, or of their mean for classes',
  source: 'Devlin et al., arXiv:1810.04805, normalised before the parts of a block',
  inputs: 'tokens',
  hasActivation: true,
  denseInput: null,
  parse: (text) => ofTokens(sizesOf(text, 'encoder:2,128,4'), { causal: false, pool: meanPosition }),
};

export const vitArchitecture: Architecture = {
  name: 'vit',
  pattern: 'vit:PATCH,LAYERS,WIDTH,HEADS',
  help: 'a transformer of square patches, PATCH pixels a side, and their mean',
  source: 'Dosovitskiy et al., arXiv:2010.11929, without a class token',
  inputs: 'images',
  hasActivation: true,
  denseInput: null,
  parse(text) {
    const [patch, ...rest] = integersOf(text, 4, 'vit:4,2,64,4') as [number, ...number[]];
    const sizes = sizesOf(rest.join(), 'vit:4,2,64,4');
    return (_, options) =>
      sequential({
        patch: patchEmbedding(patch, sizes.width, options),
        position: positionalEmbedding,
        ...trunk(sizes, false, options),
        pool: meanPosition,
        head: dense(options.outputs, options),
      });
  },
};

interface Sizes {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
}

/** LAYERS,WIDTH,HEADS. Throws UsageError where heads do not divide the width. */
function sizesOf(text: string | undefined, example: string): Sizes {
  const [layers, width, heads] = integersOf(text, 3, example) as [number, number, number];
  if (width % heads !== 0) {
    throw new UsageError(
      `heads must divide the width, received ${heads} heads of a width of ${width}; for example ${example}`,
    );
  }
  if (layers > mostBlocks) {
    throw new UsageError(`a transformer has at most ${mostBlocks} layers, received ${layers}; for example ${example}`);
  }
  return { layers, width, heads };
}

/** A block is some ten layers. */
const mostBlocks = 50;

const ofTokens =
  (sizes: Sizes, { causal, pool }: { readonly causal: boolean; readonly pool: Layer }): LayersFor =>
  (_, options) =>
    sequential({
      token: embedding(options.vocabulary!, sizes.width),
      position: positionalEmbedding,
      ...trunk(sizes, causal, options),
      ...(options.perToken === true ? {} : { pool }),
      head: dense(options.outputs, options),
    });

/** block1, block2, …, and a last normalisation. */
function trunk(
  { layers, heads }: Sizes,
  causal: boolean,
  { activation, bias }: ArchitectureOptions,
): Readonly<Record<string, Layer>> {
  const block = transformerBlock(heads, { causal, activation, bias });
  return {
    ...Object.fromEntries(Array.from({ length: layers }, (_, i) => [`block${i + 1}`, block])),
    norm: layerNorm,
  };
}

/** [n, T, width] → [n, width]. */
const lastPosition: Layer = (x) => {
  const [, length, width] = x.shape as readonly ['n', number, number];
  return reshape(slice(x, 1, length - 1, length), ['n', width]);
};

/** The mean over the positions: [n, T, width] → [n, width]. */
const meanPosition: Layer = (x) => reshape(mean(x, [1]), ['n', x.shape[2]!]);
