import { randomStream } from '../../src/numeric/random.js';

export interface HardCase {
  readonly values: readonly number[];
  readonly m: number;
  readonly count: number;
  readonly accuracy: number;
  readonly blockSize: number;
}

/** Spectra on which a search is easily deceived, descending: clusters at the cut, nearly multiple levels, two scales, both signs. */
export function hardSpectrum(seed: number, n = 60): HardCase {
  const stream = randomStream(seed, 'hard-spectrum');
  const m = 1 + stream.integer(6);
  const gap = 10 ** (-0.5 - 2.5 * stream.uniform());
  const tail = 10 ** (-3 * stream.uniform());
  const kinds = [
    // a cluster around the cut, far below the first
    (i: number) => (i === 0 ? 10 : i < m + 4 ? 1 - gap * i : tail * 0.9 * Math.exp(-i / 20)),
    // nearly multiple levels
    (i: number) => (i < 2 * m + 2 ? 5 - Math.floor(i / 2) - 1e-3 * gap * (i % 2) : tail * Math.cos(i)),
    // two scales
    (i: number) => (i < m + 1 ? 100 * (1 - gap * i) : i < m + 5 ? 1 - gap * i : 1e-4 * stream.uniform()),
    // indefinite, with a dense bulk that reaches up to the cut
    (i: number) => (i < m ? 1 + gap * (m - i) : Math.cos((Math.PI * (i - m)) / (n - m))),
  ];
  const values = Array.from({ length: n }, (_, i) => kinds[seed % kinds.length]!(i)).sort((a, b) => b - a);
  return {
    values,
    m,
    count: m + 1 + stream.integer(3),
    accuracy: 10 ** (-1 - 3 * stream.uniform()),
    blockSize: 1 + stream.integer(3),
  };
}
