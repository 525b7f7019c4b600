import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement } from '../../engine/experiment.js';
import type { EdgeLifecycle, EdgeState } from '../../probes/edge-lifecycle.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { around, grokkingStep, halvingStep, memorisingStep, relativeDisplacement, type Followed } from './phases.js';
import { top } from './runs.js';

/** Runs with what was followed along them, seed by seed; `grokked`: runs whose turning points count, where these have none. */
export interface FollowedSeeds {
  readonly runs: readonly TrainDocument[];
  readonly edges: readonly EdgeLifecycle[];
  readonly grokked?: readonly TrainDocument[];
}

interface Seed extends Followed {
  /** That of the run, or of the one whose turning point counts. */
  readonly grokked: number;
  readonly before: readonly EdgeState[];
  readonly after: readonly EdgeState[];
}

const settingsOf = ({ runs }: FollowedSeeds): Pick<Measurement, 'settings'> => ({
  settings: trainSettings(runs.map(({ run }) => run)),
});

/** Measures each seed that has grokked and has windows before and after, and names the others in the reason. */
function overSeeds(
  found: FollowedSeeds,
  measure: (seeds: readonly Seed[]) => Pick<Measurement, 'values' | 'beside' | 'reason'>,
): Measurement {
  const { runs, edges, grokked = runs } = found;
  const all = runs.map((run, i): Seed => {
    const step = grokkingStep(grokked[i]!) ?? Infinity;
    const length = edges[i]!.states[0]!.step; // the first window begins at step 0
    return { run, lifecycle: edges[i]!, grokked: step, ...around(edges[i]!, step, length) };
  });
  const seeds = all.filter(({ before, after }) => before.length > 0 && after.length > 0);
  const left = all.filter((seed) => !seeds.includes(seed)).map(({ run }) => run.run.config.seed);
  const missing = `left out: seed ${left.join(', ')}, whose test accuracy reached 0.95 at no step with windows before and after it`;
  if (seeds.length === 0) return { values: [], reason: missing, ...settingsOf(found) };
  const { reason, ...measured } = measure(seeds);
  const reasons = [reason, left.length > 0 && missing].filter((text) => typeof text === 'string');
  return { ...measured, ...(reasons.length > 0 && { reason: reasons.join('; ') }), ...settingsOf(found) };
}

const steps = (of: readonly (number | undefined)[]): string => of.map((step) => step ?? 'never').join(', ');

/** Steps by which g₂₃ has halved before the test accuracy is 0.95. */
export const lead = (found: FollowedSeeds): Measurement =>
  overSeeds(found, (seeds) => ({
    values: seeds.map(({ lifecycle, grokked }) => grokked - (halvingStep(lifecycle) ?? Infinity)),
    beside: {
      'memorised at step': steps(seeds.map(({ run }) => memorisingStep(run))),
      'g₂₃ halved at': steps(seeds.map(({ lifecycle }) => halvingStep(lifecycle))),
      'grokked at': steps(seeds.map(({ grokked }) => grokked)),
    },
  }));

/** The step at which g₂₃ has halved. */
export const halving = (found: FollowedSeeds): Measurement => {
  const halved = found.edges.map(halvingStep);
  const values = halved.flatMap((step) => step ?? []);
  return {
    values: values.length < halved.length ? [] : values,
    ...(values.length < halved.length && { reason: `in some run it never did: ${steps(halved)}` }),
    beside: { 'test accuracy at the end': meanOfValues(found.runs.map(({ summary }) => summary.finalTestAccuracy!)) },
    ...settingsOf(found),
  };
};

/** Relative displacement along v₁, mean over windows before grokking over mean after. */
export const flattening = (found: FollowedSeeds): Measurement =>
  overSeeds(found, (seeds) => {
    const of = (states: readonly EdgeState[]): number => meanOfValues(states.map(relativeDisplacement));
    return {
      values: seeds.map(({ before, after }) => of(before) / of(after)),
      beside: {
        'v₁ over random, before': meanOfValues(seeds.map(({ before }) => of(before))),
        after: meanOfValues(seeds.map(({ after }) => of(after))),
        'at the end': meanOfValues(seeds.map(({ after }) => relativeDisplacement(after.at(-1)!))),
      },
      reason: `v₁ over random is ${courseOf(seeds)} in the first window, at its lowest and at the end of each run`,
    };
  });

/** First, smallest and last relative displacement of each run, with the step of the smallest. */
function courseOf(seeds: readonly Seed[]): string {
  return seeds
    .map(({ lifecycle: { states } }) => {
      const moved = states.map(relativeDisplacement);
      const lowest = moved.indexOf(Math.min(...moved));
      const [first, least, last] = [moved[0]!, moved[lowest]!, moved.at(-1)!].map((x) => x.toFixed(2));
      return `${first!}, ${least!} (step ${states[lowest]!.step}) and ${last!}`;
    })
    .join('; ');
}

/** Gradient share on v₁, mean over windows after grokking. */
export const shareAfter = (found: FollowedSeeds): Measurement =>
  overSeeds(found, (seeds) => {
    const of = (states: readonly EdgeState[]): number =>
      meanOfValues(states.map(({ shares }) => shares[0]!.gradientShare));
    const aligned = (states: readonly EdgeState[]): number =>
      meanOfValues(states.map(({ shares }) => shares[0]!.alignment));
    return {
      values: seeds.map(({ after }) => of(after)),
      beside: {
        before: meanOfValues(seeds.map(({ before }) => of(before))),
        'alignment before': meanOfValues(seeds.map(({ before }) => aligned(before))),
        'alignment after': meanOfValues(seeds.map(({ after }) => aligned(after))),
      },
    };
  });

/** Test accuracy that is lost at the last measurement without the parts of θ along three directions. */
export const ablation = (found: FollowedSeeds): Measurement =>
  overSeeds(found, (seeds) => {
    const last = seeds.map(({ lifecycle }) => lifecycle.states.findLast(({ effects }) => effects !== null)!.effects!);
    const over = (of: (effects: (typeof last)[number]) => number): number => meanOfValues(last.map(of));
    return {
      values: last.map(({ whole, ablated }) => whole.testAccuracy - ablated.testAccuracy),
      beside: {
        'loss before': over(({ whole }) => whole.loss),
        'loss without them': over(({ ablated }) => ablated.loss),
        'without random ones': over(({ randomAblated }) => randomAblated.loss),
        'accuracy lost without random ones': over(
          ({ whole, randomAblated }) => whole.testAccuracy - randomAblated.testAccuracy,
        ),
      },
    };
  });

/** ‖P_m v₁‖² at the last step at which the Hessian's top space was looked for, over m/parameters. */
export function inTopSpace({ runs, edges, ...found }: FollowedSeeds): Measurement {
  const last = edges.map(({ states, parameters }) => ({
    ...states.findLast(({ hessian }) => hessian !== null)!.hessian!,
    expected: top / parameters,
  }));
  const over = (of: (hessian: (typeof last)[number]) => number): number => meanOfValues(last.map(of));
  return {
    values: last.map(({ overlaps, expected }) => overlaps[0]!.estimate / expected),
    beside: {
      '‖P₁₀v₁‖²': over(({ overlaps }) => overlaps[0]!.estimate),
      'at least': over(({ overlaps }) => overlaps[0]!.lower),
      'at most': over(({ overlaps }) => overlaps[0]!.upper),
      'of a random direction of attention': over(({ randomOverlap }) => randomOverlap.estimate),
      'vᵀHv/λ₁': over(({ curvatures, eigenvalues }) => curvatures[0]! / eigenvalues[0]!),
      'f_top(10) of the gradient': over(({ topFraction }) => topFraction.estimate),
    },
    ...settingsOf({ runs, edges, ...found }),
  };
}

/** R over that of the same updates with random signs, median over the windows of a phase. */
export const ratioOverSignless =
  (phase: 'before' | 'after') =>
  (found: FollowedSeeds): Measurement =>
    overSeeds(found, (seeds) => {
      const middle = (of: (state: EdgeState) => number): number[] => seeds.map((seed) => median(seed[phase].map(of)));
      return {
        values: middle(({ ratio, signlessRatio }) => ratio / signlessRatio),
        beside: {
          R: meanOfValues(middle(({ ratio }) => ratio)),
          'R with random signs': meanOfValues(middle(({ signlessRatio }) => signlessRatio)),
          'k*': meanOfValues(middle(({ edge }) => edge)),
          'weighted k*': meanOfValues(middle(({ weightedEdge }) => weightedEdge)),
        },
        reason: `the mean update of a window has ${meanOfValues(middle(commonShare)).toFixed(2)} of the mean square of one, which without memory is ${(1 / seeds[0]!.before[0]!.singularValues.length).toFixed(2)}: the updates of a window have a direction in common`,
      };
    });

/** Square of the mean update over the mean square of an update, w drift²/Σσ²: 1 for equal updates, 1/w on average where they have nothing in common. */
const commonShare = ({ drift, singularValues }: EdgeState): number =>
  (singularValues.length * drift ** 2) / singularValues.reduce((sum, sigma) => sum + sigma ** 2, 0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}
