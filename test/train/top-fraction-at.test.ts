import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { parseSafetensors } from '../../src/files/safetensors.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { knownTopFraction } from '../../src/train/known-top-fraction.js';
import { loadRun } from '../../src/train/load-run.js';
import { loadWeights } from '../../src/train/load-weights.js';
import type { TrainDocument, TrainRecord } from '../../src/train/train-document.js';
import { noiseFractionAt, topFractionAt } from '../../src/train/top-fraction-at.js';
import { trainProblem } from '../../src/train/train-problem.js';
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
      expect(topFractionAt(record, 3, 3, 'f64')).toEqual({ lower, estimate: middle, upper });
    }
  });

  it.each([2, 4])(
    'agrees at m = %i with a run that was measured there, and is as narrow where energies are recorded',
    (m) => {
      whole.records.forEach((record, i) => {
        const there = others.get(m)!.records[i]!;
        const known = knownTopFraction(there);
        const here = topFractionAt(record, 3, m, 'f64')!;
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
      const here = topFractionAt(record, 3, m, 'f64')!;
      expect(here.estimate).toBeNull();
      expect(m < 3 ? here.lower : here.upper).toBe(m < 3 ? 0 : 1);
      expect(here.lower).toBeLessThanOrEqual(known.upper);
      expect(here.upper).toBeGreaterThanOrEqual(known.lower);
      expect(noiseFractionAt(record, 3, m)).toBeNull();
    });
  });

  it('is not known behind the eigenvalues that were recorded', () => {
    expect([0, 7, 8].map((m) => topFractionAt(whole.records[0]!, 3, m, 'f64'))).toEqual([null, null, null]);
  });
});

/** f_top(m) for m = 1, 2, …, from all eigenvectors of a dense symmetric matrix. */
function sharesOf(rows: readonly (readonly number[])[], gradient: Float64Array): number[] {
  const matrix = new Matrix(rows.map((row) => [...row]));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.add(matrix, matrix.transpose()).mul(0.5),
    { assumeSymmetric: true },
  );
  const descending = [...realEigenvalues.keys()].sort((i, j) => realEigenvalues[j]! - realEigenvalues[i]!);
  const energies = descending.map(
    (i) => gradient.reduce((sum, x, at) => sum + x * eigenvectorMatrix.get(at, i), 0) ** 2,
  );
  const whole = energies.reduce((sum, energy) => sum + energy, 0);
  let sum = 0;
  return energies.map((energy) => (sum += energy) / whole);
}

describe('the bounds at every cut', () => {
  it.each(['--model softmax --backend plain', '--model mlp:4 --dtype f32'])(
    'of %s hold the share in all of the spectrum, in float64',
    async (model) => {
      const folder = mkdtempSync(join(tmpdir(), 'cuts-'));
      const options = '--data mixture:3,5,0.4,60 --batch 16 --steps 40 --measure-every 20 --top 7 --noise-null 2 --out';
      const made = await captured(() => runCli(['train', ...`${model} ${options}`.split(' '), folder]));
      expect(made.code, made.stderr).toBe(0);
      const { run, records } = loadRun(folder);
      const problem = await trainProblem(run.config, await nativeRuntime());
      const exact = problem.objective.precise();
      for (const record of records) {
        const file = parseSafetensors(readFileSync(join(folder, record.weights!)), 'weights');
        const weights = loadWeights(problem.shape.layout, file);
        const hessian = exact.curvature('hessian', weights);
        const rows: number[][] = [];
        for (let i = 0; i < hessian.dimension; i++)
          rows.push([...(await hessian.apply(new Float64Array(hessian.dimension).fill(1, i, i + 1), 1))]);
        const shares = sharesOf(rows, (await exact.evaluate(weights)).gradient);
        for (let m = 1; m < 7; m++) {
          const { lower, upper } = topFractionAt(record, run.subspace, m, run.config.precision)!;
          expect(shares[m - 1]!).toBeGreaterThan(lower - 1e-13);
          expect(shares[m - 1]!).toBeLessThan(upper + 1e-13);
        }
      }
      await problem.release();
      rmSync(folder, { recursive: true });
    },
  );

  it('allow in float32 for a gradient that has turned, as its own bounds do', () => {
    const unit = fc.double({ min: -1, max: 1, noNaN: true });
    let narrow = 0;
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 6, maxLength: 6 }).filter((g) => Math.hypot(...g) > 0.1),
        fc.array(unit, { minLength: 6, maxLength: 6 }).filter((e) => Math.hypot(...e) > 0.1),
        fc.integer({ min: 1, max: 4 }),
        (rounded, direction, own) => {
          const error = 1e-3 * Math.hypot(...rounded);
          const gradient = rounded.map((x, i) => x + (error * direction[i]!) / Math.hypot(...direction));
          const shareOf = (g: readonly number[], m: number): number =>
            Math.min(1, (Math.hypot(...g.slice(0, m)) / Math.hypot(...g)) ** 2);
          const angle = Math.acos(Math.sqrt(shareOf(rounded, own)));
          const record = {
            eigenvalues: [5, 4, 3, 2, 1],
            eigenvalueCeilings: [5, 4, 3, 2, 1],
            residuals: [0, 0, 0, 0, 0],
            rounding: 0,
            topFraction: { lower: shareOf(rounded, own), upper: shareOf(rounded, own), gap: 1, null: own / 6 },
            topFractionBounds: {
              lower: Math.cos(Math.min(Math.PI / 2, angle + Math.asin(1e-3))) ** 2,
              upper: Math.cos(Math.max(0, angle - Math.asin(1e-3))) ** 2,
            },
            noiseNull: {
              energies: {
                top: rounded.slice(0, 5).map((x) => ({ measured: x ** 2 })),
                rest: { measured: rounded[5]! ** 2 },
              },
            },
          } as unknown as TrainRecord;
          for (let m = 1; m < 5; m++) {
            const share = shareOf(gradient, m);
            const { lower, upper } = topFractionAt(record, own, m, 'f32')!;
            expect(share).toBeGreaterThan(lower - 1e-12);
            expect(share).toBeLessThan(upper + 1e-12);
            expect(upper - lower).toBeLessThan(0.01);
            const unaware = topFractionAt(record, own, m, 'f64')!;
            if (share < unaware.lower - 1e-12 || share > unaware.upper + 1e-12) narrow++;
          }
        },
      ),
    );
    expect(narrow).toBeGreaterThan(0);
  });
});
