import { isNumeral } from './numeral.js';

/** `0.1/64`: a learning rate above 0, to 1000, over a batch size; undefined for any other text. */
export function parseRateOverBatch(
  text: string,
): { readonly learningRate: number; readonly batch: number } | undefined {
  const [rate, batch, ...rest] = text.split('/').map((part) => (isNumeral(part) ? Number(part) : NaN));
  const isLegal =
    rate! > 0 && rate! <= 1e3 && Number.isInteger(batch) && batch! >= 1 && batch! <= 1e9 && rest.length === 0;
  return isLegal ? { learningRate: rate!, batch: batch! } : undefined;
}
