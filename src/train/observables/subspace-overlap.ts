import { z } from 'zod';
import { atOnce, type Pausing } from '../../numeric/kernels/pausing.js';
import { pastFractions, type PastFraction } from '../../observe/dominance.js';
import { measuredSpectrum } from '../../observe/measured-spectrum.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { pausingSubspaceOverlap, type SubspaceOverlap } from '../../observe/subspace-overlap.js';
import { certainOverlap, type KnownPairs } from '../certain-overlap.js';
import { recordedPairs } from './eigenvalues.js';
import type { Measured } from './measured.js';
import { observable, type Frozen } from './observable.js';

const overlap = z.strictObject({ lower: z.number(), upper: z.number(), gap: z.number() });

const schema = z
  .strictObject({
    withStep: z.int().min(0),
    top: overlap,
    next: overlap.nullable(),
    all: overlap.nullable(),
    gradient: z.strictObject({ lower: z.number(), upper: z.number() }),
  })
  .nullable();

function* overlapWithLast({
  run,
  snapshot: now,
  pairs,
  before,
}: Pick<Measured, 'run' | 'snapshot' | 'pairs' | 'before'>): Pausing<Frozen<z.output<typeof schema>>> {
  if (before === null) return null;
  const m = run.subspace;
  const shown = recordedPairs({ run, pairs });
  const { residuals, rounding } = before;
  const { values, errors } = before.pairs;
  const then: Snapshot = { ...now, spectrum: measuredSpectrum(before.pairs) };
  const known = Math.min(values.length, now.spectrum.levels.length);
  const ceilings = values.map((value, i) => value + errors[i]!);
  const both: KnownPairs[] = [
    { spectrum: then.spectrum, evidence: { values, residuals, ceilings, rounding } },
    { spectrum: now.spectrum, evidence: { ...pairs, ceilings: pairs.outer } },
  ];
  const between = function* (count: number, skip: number): Pausing<SubspaceOverlap> {
    return certainOverlap(yield* pausingSubspaceOverlap(then, now, count, skip), both, skip, skip + count);
  };
  const [{ lower, upper }] = pastFractions(now.gradient, [then], m) as [PastFraction];
  return {
    withStep: before.step,
    top: yield* between(m, 0),
    next: known > 2 * m ? yield* between(m, m) : null,
    all: known > shown ? yield* between(shown, 0) : null,
    gradient: { lower, upper },
  };
}

export const subspaceOverlapObservable = observable({
  id: 'subspaceOverlap',
  meaning:
    'overlap(V, V′) = Tr(P P′)/m with the record before, residuals allowed for: of the top m eigenvectors, of the next m, of all that are recorded, as far as both are known; gradient: the share of today’s squared gradient in the top m of then; null at the first record',
  unit: '1; gap: loss/θ²',
  needs: ['run', 'snapshot', 'pairs', 'before'],
  schema,
  compute: (measured) => atOnce(overlapWithLast(measured)),
  program: overlapWithLast,
  columns: {
    subspaceOverlap: {
      heading: 'subspace overlap',
      meaning: 'Tr(P P′)/m of the top m eigenvectors and those of the record before',
      isShown: true,
      within: ({ subspaceOverlap: found }) => found?.top ?? null,
    },
  },
});
