import { NumericalError, UsageError } from '../../errors.js';
import { linePoint, noisyMarginRate } from '../../exact/noisy/index.js';
import { topFraction } from '../../observe/index.js';
import type { DescentConfig, DescentRecord } from './descent-config.js';

/** Gradient descent on the population: from W = αB it stays on that line, α ← α + η rate(α). */
export function* exactDescent(config: DescentConfig): Generator<DescentRecord> {
  const { classes, dim, noise, learningRate, steps, every } = config;
  let margin = config.margin;
  for (let step = 0; step <= steps; step++) {
    if (step % every === 0 || step === steps) {
      const { spectrum, scalars, snapshot } = orDiverged(config, step, () =>
        linePoint({ classes, dim, noise, margin }),
      );
      const { lower, upper } = topFraction(snapshot, classes);
      const stability = learningRate * Math.max(...spectrum.levels.map(({ value }) => value));
      yield { step, time: step * learningRate, margin, loss: scalars.loss, topFraction: { lower, upper }, stability };
    }
    margin += learningRate * orDiverged(config, step, () => noisyMarginRate({ classes, noise, margin }));
  }
}

/** A start outside the model is the caller's fault; a margin that left it on the way has diverged. */
function orDiverged<T>({ learningRate }: DescentConfig, step: number, solve: () => T): T {
  try {
    return solve();
  } catch (cause) {
    if (step === 0 || !(cause instanceof UsageError)) throw cause;
    throw new NumericalError(
      `gradient descent diverged: at step ${step} the ${cause.message}; lower the learning rate (received ${learningRate})`,
      { cause },
    );
  }
}
