import { NumericalError } from '../errors.js';

/** Where a run stood when something could not be computed. */
export interface FailedStep {
  readonly step: number;
  /** The training loss there. */
  readonly loss: number;
  readonly rate: number;
  readonly records: readonly { readonly step: number; readonly loss: number }[];
  /** The run folder, which keeps the records. */
  readonly out: string | undefined;
}

/**
 * What to say of a failure in the middle of a run. Training diverged if its loss is no number, or larger than at the first weights; else
 * the failure speaks for itself. Either way: at which step, the loss there and before, and where the records are.
 */
export function failedStep(cause: NumericalError, { step, loss, rate, records, out }: FailedStep): NumericalError {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) {
    if (Number.isFinite(loss)) return cause;
    if (step > 0) {
      return new NumericalError(
        `training diverged: its loss is ${digits(loss)} at step ${step}, before anything was measured; lower the learning rate (received ${rate}), or begin from smaller weights`,
        { cause },
      );
    }
    return new NumericalError(`the training loss is ${loss} at the first weights; begin from smaller ones`, { cause });
  }
  const kept =
    `records up to step ${last.step} are ` +
    (out === undefined ? 'lost: with a run folder (--out) they are kept' : `kept in ${out}`);
  const before = `${digits(loss)} at step ${step}, and was ${digits(last.loss)} at step ${last.step}`;
  if (Number.isFinite(loss) && loss <= first.loss) {
    return new NumericalError(`${cause.message}; the training loss is ${before}; ${kept}`, { cause });
  }
  return new NumericalError(
    `training diverged: its loss is ${before}; lower the learning rate (received ${rate}), or begin from smaller weights; ${kept}`,
    { cause },
  );
}

const digits = (value: number): number => Number(value.toPrecision(6));
