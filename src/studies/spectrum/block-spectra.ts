import type { Curvature } from '../../loss/objective.js';
import { parametersOf, restricted, type ParameterLayout } from '../../loss/parameters.js';
import { inLockstep } from '../../numeric/kernels/joint-operators.js';
import { norm } from '../../numeric/kernels/norm.js';
import { blockLanczosAsync, type FractionOf } from '../../numeric/lanczos/block-lanczos.js';
import { hutchPlusPlusAsync } from '../../numeric/traces/hutch-plus-plus.js';
import { fractionOf, gradientAtWeights } from './gradient-at-weights.js';
import type { ProblemAtWeights } from './problem-at-weights.js';
import { estimateOf, shownPairs } from './shown-results.js';
import type { BlockSpectrum } from './spectrum-document.js';
import { topSearch, wantedPairs, type TopSearch } from './top-search.js';

/** Some diagonal blocks of the curvature. */
export interface BlockSpectraOptions extends TopSearch {
  readonly kind: Curvature;
  /** Patterns of each block's parameters, separated by commas; or `each` parameter, or all `layers`. */
  readonly blocks: readonly string[];
  readonly traceProducts: number;
  /** That of the whole, where it was taken. */
  readonly trace: number | undefined;
}

/**
 * The spectra of diagonal blocks of a curvature at one θ, the searches side by side: their products share the passes over the samples. Throws UsageError for patterns that
 * name no parameter. Memory: the search spaces of all blocks at once. Cost: the products of the longest search, each for all blocks.
 */
export async function blockSpectra(
  { problem: { objective }, weights, statistics }: ProblemAtWeights,
  whole: Float64Array,
  options: BlockSpectraOptions,
): Promise<{ readonly blocks: readonly BlockSpectrum[]; readonly products: number }> {
  const { kind, traceProducts, seed, subspace } = options;
  const { layout } = objective;
  const patterns = patternsOf(layout, options.blocks);
  const places = patterns.map((own) => parametersOf(layout, own));
  const total = norm(whole) ** 2;
  let products = 0;
  const operators = objective.blocks(kind, weights, patterns, statistics);
  const gradients = places.map((own) => restricted(layout, own, whole));
  const fractions: (FractionOf | undefined)[] = [];
  for (const [i, gradient] of gradients.entries()) {
    const part = (vector: Float64Array): Float64Array => restricted(layout, places[i]!, vector);
    fractions.push(await fractionOf(objective, { weights, statistics }, gradient, subspace, part));
  }
  const blocks = await inLockstep(operators, async (operator, i): Promise<Omit<BlockSpectrum, 'traceShare'>> => {
    const n = operator.dimension;
    const gradient = gradients[i]!;
    const search = { ...topSearch(n, options, fractions[i]), blockSize: 1 }; // single vectors: those of all blocks go together
    const pairs = await blockLanczosAsync(operator, search);
    const beside = await gradientAtWeights(operator, gradient, pairs, { subspace, parameters: n });
    const trace = traceProducts > 0 ? await hutchPlusPlusAsync(operator, { products: traceProducts, seed }) : undefined;
    products += pairs.products + 1 + (trace?.products ?? 0);
    return {
      name: patterns[i]!.join(','),
      parameters: places[i]!.map((place) => layout.specs[place]!.name),
      dimension: n,
      ...beside,
      gradientShare: total > 0 ? norm(gradient) ** 2 / total : null,
      top: shownPairs(pairs, wantedPairs(n, options)),
      trace: trace === undefined ? null : estimateOf(trace),
    };
  });
  const isWhole = new Set(places.flat()).size === layout.specs.length && places.flat().length === layout.specs.length;
  const sum = isWhole ? blocks.reduce((all, { trace }) => all + (trace?.value ?? 0), 0) : options.trace;
  const withShare = blocks.map((block): BlockSpectrum => {
    const traceShare = block.trace === null || sum === undefined ? null : block.trace.value / sum;
    return { ...block, traceShare };
  });
  return { blocks: withShare, products };
}

/** `each`: a block for every parameter; `layers`: for every layer. */
function patternsOf({ specs }: ParameterLayout, blocks: readonly string[]): readonly (readonly string[])[] {
  return blocks.flatMap((block) => {
    const names = specs.map(({ name }) => name);
    if (block === 'each') return names.map((name) => [name]);
    if (block !== 'layers') return [block.split(',').map((pattern) => pattern.trim())];
    return [...new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('.')))))].map((name) => [name]);
  });
}
