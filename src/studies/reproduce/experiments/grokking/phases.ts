import type { TrainDocument, TrainRecord, TrainRun } from '../../../../train/train-document.js';

/** An accuracy above this is that of what was learnt. */
const learnt = 0.99;

type Recorded = Pick<TrainDocument, 'records'>;

/** The first measurements at which training and test accuracy exceed 0.99; undefined where none does. */
export function turningPoints({ records }: Recorded): {
  readonly memorised: TrainRecord | undefined;
  readonly generalised: TrainRecord | undefined;
} {
  return {
    memorised: records.find(({ accuracy }) => accuracy! > learnt),
    generalised: records.find(({ testAccuracy }) => testAccuracy! > learnt),
  };
}

/** The measurements of a run by what it has learnt. */
export interface Phases {
  readonly memorising: readonly TrainRecord[];
  readonly between: readonly TrainRecord[];
  readonly after: readonly TrainRecord[];
}

/** Up to the first turning point, step 0 left out; between the two; from the second on. What has no end goes on, and what has no beginning is empty. */
export function phasesOf(run: Recorded): Phases {
  const { memorised, generalised } = turningPoints(run);
  const [first, second] = [memorised?.step ?? Infinity, generalised?.step ?? Infinity];
  const within = (from: number, to: number): TrainRecord[] =>
    run.records.filter(({ step }) => step >= from && step < to);
  return { memorising: within(1, first + 1), between: within(first + 1, second), after: within(second, Infinity) };
}

/** ηλ₁ of a measurement. */
export const sharpnessAt = ({ config }: Pick<TrainRun, 'config'>, { eigenvalues }: TrainRecord): number =>
  config.schedule.rate * eigenvalues[0]!;
