import { defaultBasis } from '../../numeric/lanczos/lanczos-options.js';
import type { MemoryAfter, MemorySearch, MemorySizes } from '../../train/memory-estimate.js';
import type { SpectrumOptions } from './spectrum-document.js';

/** What of a spectrum takes memory. */
type SearchedFor = Pick<SpectrumOptions, 'top' | 'basis' | 'subspace' | 'config' | 'blocks' | 'traceProducts'> &
  Partial<Pick<SpectrumOptions, 'bottom' | 'densityProducts' | 'split'>>;

/** The search for eigenpairs, m + 1 at least, and what is held with it. */
export function memorySearch(options: SearchedFor, { extent }: MemorySizes): MemorySearch {
  const { top, bottom = 0, basis, subspace, config } = options;
  const m = subspace ?? config?.subspace ?? extent.outputs;
  const count = Math.max(top, bottom, m + 1);
  return {
    count,
    blockSize: 4,
    basis,
    before: bottom > 0 ? top : 0,
    ...vectorsAfter(options, extent.outputs, Math.max(top, m + 1)),
  };
}

/** What needs most vectors after the search: the blocks of Hutch++, one Krylov space of the density, or the gradients of pairs of classes with what is made of them. */
function vectorsAfter(
  { traceProducts, densityProducts = 0, split = false, blocks }: SearchedFor,
  classes: number,
  count: number,
): { readonly after?: MemoryAfter } {
  const candidates: MemoryAfter[] = [
    { option: '--trace', products: traceProducts, vectorsOf: (products) => 5 * Math.floor(products / 3) },
    { option: '--density', products: densityProducts, vectorsOf: (products) => Math.ceil(Math.sqrt(10 * products)) },
    {
      option: '--blocks',
      products: blocks === undefined ? 0 : 1,
      vectorsOf: (once) => once * (defaultBasis(count, 0, 1) + 2 * count),
    },
    { option: '--split', products: split ? 1 : 0, vectorsOf: (once) => once * 2 * classes * (classes + 1) },
  ];
  const [most] = candidates.sort((a, b) => b.vectorsOf(b.products) - a.vectorsOf(a.products));
  return most!.products === 0 ? {} : { after: most! };
}
