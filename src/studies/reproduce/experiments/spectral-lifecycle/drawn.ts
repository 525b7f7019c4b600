import type { LifecycleData, LifecyclePoint } from '../../../../../figures/lifecycle-rows.js';
import { trainedNetwork } from '../../../../../figures/network-data.js';
import type { DimensionsAlong } from '../../probes/gradient-dimensions.js';
import { grokkingStep, type Followed } from './phases.js';
import { top } from './runs.js';

/** A run that is drawn, with the dimensions of its gradient where these were measured. */
interface Drawn extends Followed {
  readonly name: string;
  readonly dimensions?: DimensionsAlong;
}

/** Runs beside each other, each record with the window of updates that ends at its step. */
export function lifecycleData(window: number, runs: readonly Drawn[]): LifecycleData {
  const { run: first, lifecycle } = runs[0]!;
  return {
    network: trainedNetwork(first.run),
    parameters: lifecycle.parameters,
    window,
    m: top,
    runs: runs.map((one) => ({ name: one.name, grokked: grokkingStep(one.run) ?? null, points: pointsOf(one) })),
  };
}

function pointsOf({ run, lifecycle, dimensions }: Drawn): LifecyclePoint[] {
  const states = new Map(lifecycle.states.map((state) => [state.step, state]));
  const spreads = new Map(dimensions?.states.map((state) => [state.step, state]));
  return run.records.map(({ step, accuracy, testAccuracy, eigenvalues }): LifecyclePoint => {
    const state = states.get(step);
    const spread = spreads.get(step);
    return {
      step,
      accuracy: accuracy!,
      testAccuracy: testAccuracy!,
      sharpness: run.run.config.schedule.rate * eigenvalues[0]!,
      topFraction: state?.hessian?.topFraction.estimate ?? null,
      overlap: state?.hessian?.overlaps[0]!.estimate ?? null,
      gradientShare: state?.shares[0]!.gradientShare ?? null,
      ratio: state?.ratio ?? null,
      signlessRatio: state?.signlessRatio ?? null,
      secondGap: state?.secondGap ?? null,
      drift: state?.drift ?? null,
      displacements: state ? state.displacements.map((x) => x / state.randomDisplacement) : null,
      curvature: state?.effects?.curvatures[0] ?? null,
      randomCurvature: state?.effects?.randomCurvature ?? null,
      ablated: state?.effects?.ablated.testAccuracy ?? null,
      randomAblated: state?.effects?.randomAblated.testAccuracy ?? null,
      dimensions: spread ? { coordinates: spread.coordinates, samples: spread.covariance } : null,
    };
  });
}
