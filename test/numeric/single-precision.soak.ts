import { expect, it } from 'vitest';
import { blockLanczos } from '../../src/numeric/lanczos/block-lanczos.js';
import { randomStream } from '../../src/numeric/random.js';
import { soakTimes } from '../soak-times.js';
import { operatorWithSpectrum } from './spectra.js';

const spectra = soakTimes(200);

it(`searches of single precision miss no eigenvalue and violate no bound: ${spectra} spectra with clusters and multiplets`, () => {
  let worst = 0;
  for (let seed = 0; seed < spectra; seed++) {
    const stream = randomStream(seed, 'clusters');
    const n = 60 + stream.integer(60);
    const values: number[] = [];
    while (values.length < n) {
      const [level, copies] = [stream.normal() * 10 ** (-2 * stream.uniform()), 1 + stream.integer(4)];
      const spread = stream.uniform() < 0.5 ? 0 : 10 ** (-2 - 4 * stream.uniform());
      for (let c = 0; c < copies && values.length < n; c++) values.push(level + spread * stream.normal());
    }
    values.sort((a, b) => b - a);
    const exact = operatorWithSpectrum(values, seed, 3);
    const count = 2 + stream.integer(9);
    const search = { count, blockSize: 1 + stream.integer(4), seed, tolerance: 1e-5 };
    const result = blockLanczos(
      {
        dimension: n,
        precision: 'f32',
        apply: (block, columns) => exact.apply(Float64Array.from(block), columns).map(Math.fround),
      },
      search,
    );
    const { outer, rounding, norm, residuals } = result;
    result.values.forEach((value, j) => {
      const name = `seed ${seed}, eigenvalue ${j} of ${count}`;
      expect(values[j]!, name).toBeGreaterThanOrEqual(value - rounding);
      expect(values[j]!, name).toBeLessThanOrEqual(outer[j]! + rounding);
      expect(Math.abs(values[j]! - value), name).toBeLessThan(count * (search.tolerance * norm + rounding));
      expect(residuals[j], name).toBeLessThanOrEqual(search.tolerance * norm + rounding);
    });
    worst = Math.max(worst, rounding / norm);
  }
  expect(worst).toBeGreaterThan(2 ** -23);
  expect(worst).toBeLessThan(1e-4);
});
