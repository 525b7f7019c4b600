import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { knownTopFraction } from '../../src/train/known-top-fraction.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { noiseFractionAt, topFractionAt } from '../../src/train/top-fraction-at.js';
import { captured } from '../cli/captured.js';

const trained = async (...more: string[]): Promise<TrainDocument> => {
  const { code, stdout, stderr } = await captured(() =>
    runCli([
      ...'train --model softmax --backend plain --data mixture:3,6,0.2,150 --steps 30 --measure-every 15 --measure-from 15 --top 7'.split(
        ' ',
      ),
      ...more,
      '--json',
    ]),
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as TrainDocument;
};

describe('f_top at a cut of one’s own choice', () => {
  let whole: TrainDocument;
  let plain: TrainDocument;
  const others = new Map<number, TrainDocument>();
  beforeAll(async () => {
    whole = await trained('--noise-null', '3');
    plain = await trained();
    for (const m of [2, 4]) others.set(m, await trained('--noise-null', '3', '--subspace', String(m)));
  });

  it('is what the record says at its own cut', () => {
    for (const record of whole.records) {
      const { lower, middle, upper } = knownTopFraction(record);
      expect(topFractionAt(record, 3, 3)).toEqual({ lower, estimate: middle, upper });
    }
  });

  it.each([2, 4])(
    'agrees at m = %i with a run that was measured there, and is as narrow where energies are recorded',
    (m) => {
      whole.records.forEach((record, i) => {
        const there = others.get(m)!.records[i]!;
        const known = knownTopFraction(there);
        const here = topFractionAt(record, 3, m)!;
        expect(here.lower).toBeLessThanOrEqual(known.upper);
        expect(here.upper).toBeGreaterThanOrEqual(known.lower);
        expect(here.estimate!).toBeGreaterThanOrEqual(here.lower);
        expect(here.estimate!).toBeLessThanOrEqual(here.upper);
        // First order in the residuals here, second there; a near tie of λ_m and λ_{m+1} opens both.
        if (there.topFraction.gap > 0.01 * there.eigenvalues[0]!) expect(here.upper - here.lower).toBeLessThan(0.05);
        const noise = noiseFractionAt(record, 3, m);
        const law = there.noiseNull!.spectrumOnly;
        const error = 5 * there.noiseNull!.standardErrors.spectrumOnly + 1e-3;
        if (noise !== null)
          expect(Math.abs(noise.lower - (law.lower + law.upper) / 2)).toBeLessThan(error + law.upper - law.lower);
      });
    },
  );

  it.each([2, 4])('is known from one side at m = %i without energies, and contains what was measured there', (m) => {
    plain.records.forEach((record, i) => {
      const known = knownTopFraction(others.get(m)!.records[i]!);
      const here = topFractionAt(record, 3, m)!;
      expect(here.estimate).toBeNull();
      expect(m < 3 ? here.lower : here.upper).toBe(m < 3 ? 0 : 1);
      expect(here.lower).toBeLessThanOrEqual(known.upper);
      expect(here.upper).toBeGreaterThanOrEqual(known.lower);
      expect(noiseFractionAt(record, 3, m)).toBeNull();
    });
  });

  it('is not known behind the eigenvalues that were recorded', () => {
    expect([0, 7, 8].map((m) => topFractionAt(whole.records[0]!, 3, m))).toEqual([null, null, null]);
  });
});
