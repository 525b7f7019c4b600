import { isNumeral } from './numeral.js';

/** How W(0) is chosen. */
export type InitialWeights = { readonly kind: 'zero' } | { readonly kind: 'random'; readonly scale: number };

/** `zero` or `random:SCALE`, 0 < SCALE ≤ 1000; undefined for any other text. */
export function parseInitialWeights(text: string): InitialWeights | undefined {
  if (text === 'zero') return { kind: 'zero' };
  const [kind, scale, ...rest] = text.split(':');
  const value = Number(scale);
  if (kind !== 'random' || rest.length > 0 || !isNumeral(scale ?? '') || !(value > 0 && value <= 1e3)) return undefined;
  return { kind: 'random', scale: value };
}

/** As it is written. */
export const initialWeightsText = (init: InitialWeights): string =>
  init.kind === 'zero' ? 'zero' : `random:${init.scale}`;
