import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of independent draws. Streams are values: pass them on, never share one between unrelated consumers. */
export interface RandomStream {
  /** Uniform on [0, 1), 53 random bits. */
  uniform(): number;
  /** Standard normal, by the Box–Muller transform (Box & Muller 1958). */
  normal(): number;
  /** Uniform integer in 0 … bound − 1. */
  integer(bound: number): number;
}

/**
 * The stream named by a seed and a path of keys: `randomStream(7, 'batches', epoch)`.
 *
 * The 128-bit state of xoroshiro128+ is the head of SHA-256 of the key, so that different keys give unrelated streams
 * and the same key gives the same bytes on every machine, in any order of use and on any number of threads.
 */
export function randomStream(seed: number, ...path: readonly (string | number)[]): RandomStream {
  const digest = sha256(utf8ToBytes(JSON.stringify(['tiny-subspace', seed, ...path])));
  const words = new DataView(digest.buffer, digest.byteOffset);
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => words.getInt32(offset)));
  const uniform = (): number => uniformFloat64(generator);
  let spare: number | undefined;
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const second = spare;
        spare = undefined;
        return second;
      }
      const radius = Math.sqrt(-2 * Math.log1p(-uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    integer: (bound) => uniformInt(generator, 0, bound - 1),
  };
}
