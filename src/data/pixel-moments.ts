import { DataError } from '../errors.js';
import type { RawInputs } from './data-set.js';
import { piecesOf } from './rows.js';

export interface PixelMoments {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Mean S/n and standard deviation √(nQ − S²)/n of each channel, S and Q the sums of pixel/255 and its square, over `pixels` that
 * hold planes of `plane` pixels, the channels in turn.
 *
 * Sums and their difference are of integers and exact, so that both results are right to a few roundings, also where all pixels are
 * nearly equal. Throws DataError if they are equal. Cost: O(pixels).
 */
export function pixelMoments(pixels: RawInputs, channels: number, plane: number): PixelMoments[] {
  const count = pixels.length / channels;
  const sums = new Float64Array(channels); // of integers below 2^53: exact
  const squares = new Float64Array(channels);
  for (const values of piecesOf(pixels)) {
    for (let start = 0; start < values.length; start += plane) {
      let [sum, square] = [0, 0];
      for (let j = start; j < start + plane; j++) {
        sum += values[j]!;
        square += values[j]! ** 2;
      }
      sums[(start / plane) % channels]! += sum;
      squares[(start / plane) % channels]! += square;
    }
  }
  return Array.from(sums, (sum, channel) => {
    const spread = BigInt(count) * BigInt(squares[channel]!) - BigInt(sum) ** 2n;
    if (spread === 0n) {
      throw new DataError(
        `all pixels${channels > 1 ? ` of channel ${channel}` : ''} are ${sum / count} and cannot be standardised; use the scaling 'unit'`,
      );
    }
    return { mean: sum / count / 255, deviation: Math.sqrt(Number(spread)) / count / 255 };
  });
}
