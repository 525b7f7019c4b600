import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement } from '../../engine/experiment.js';
import type { LostGradients, LostPart } from '../../probes/lost-gradients.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { half, phaseLength, type TrainingPhase } from './tasks.js';

/** Losses at the end are means over so many evaluations: they swing from step to step. */
export const averaged = 5;
const endOf = (losses: readonly number[]): number => meanOfValues(losses.slice(-averaged));

const lossesOf = ({ lost }: LostGradients, part: LostPart, probability: number): readonly number[] =>
  lost.find((one) => one.part === part && one.probability === probability)!.losses;

/** Share of the decrease of the loss over a phase that is missing. */
const costOf = (found: LostGradients, part: LostPart, probability: number): number =>
  1 - (found.none[0]! - endOf(lossesOf(found, part, probability))) / (found.none[0]! - endOf(found.none));

/** The same where no more happens than that time is slowed by 1 − q: from the loss without losses at (1 − q) of each step. */
function slowedCost({ none }: LostGradients, probability: number): number {
  const at = (place: number): number => {
    const [before, share] = [Math.floor(place), place % 1];
    return share === 0 ? none[before]! : (1 - share) * none[before]! + share * none[before + 1]!;
  };
  const ends = Array.from({ length: averaged }, (_, i) => at((1 - probability) * (none.length - averaged + i)));
  return 1 - (none[0]! - meanOfValues(ends)) / (none[0]! - endOf(none));
}

/** The runs, and what went on from them. */
interface Found {
  readonly runs: readonly TrainDocument[];
  readonly early: readonly LostGradients[];
  readonly late: readonly LostGradients[];
}

const settings = ({ runs }: Found): Record<string, unknown> => ({
  ...trainSettings(runs.map(({ run }) => run)),
  'steps of a phase': phaseLength,
});

/** What is missing after a phase. */
export const cost =
  (phase: TrainingPhase, part: LostPart, probability: number) =>
  (found: Found): Measurement => ({
    values: found[phase].map((one) => costOf(one, part, probability)),
    beside: {
      'loss before': meanOfValues(found[phase].map(({ none }) => none[0]!)),
      'none lost': meanOfValues(found[phase].map(({ none }) => endOf(none))),
      lost: meanOfValues(found[phase].map((one) => endOf(lossesOf(one, part, probability)))),
    },
    settings: settings(found),
  });

/** f_top(10) where the phases begin: the model's flow is in the top space from the first step on, that of a network need not be. */
function whereGradientIs({ runs }: Found): string {
  const at = (back: -2 | -1): string =>
    runs.map(({ records }) => knownTopFraction(records.at(back)!).middle.toFixed(2)).join(', ');
  return `f_top(10) of the full gradient is ${at(-2)} where the early phase begins, and ${at(-1)} where the late one does; in the model it is 1 and 0`;
}

/** By how much more is missing early than late, times a sign; absolute for 0. */
export const phaseDifference =
  (part: LostPart, probability: number, sign: 1 | -1 | 0) =>
  (found: Found): Measurement => {
    const both = (phase: TrainingPhase): number =>
      meanOfValues(found[phase].map((one) => costOf(one, part, probability)));
    return {
      values: found.early.map((one, seed) => {
        const more = costOf(one, part, probability) - costOf(found.late[seed]!, part, probability);
        return sign === 0 ? Math.abs(more) : sign * more;
      }),
      beside: { early: both('early'), late: both('late') },
      reason: `${both('early').toFixed(2)} is missing early and ${both('late').toFixed(2)} late, where the loss swings between evaluations${part === 'coordinates' ? '' : `; ${whereGradientIs(found)}`}`,
      settings: settings(found),
    };
  };

/** What is missing less what slowed time leaves out, the larger of both phases. */
export function fromSlowed(found: Found): Measurement {
  const predicted = (phase: TrainingPhase): number => meanOfValues(found[phase].map((one) => slowedCost(one, half)));
  const off = (one: LostGradients): number => Math.abs(costOf(one, 'coordinates', half) - slowedCost(one, half));
  const each = (phase: TrainingPhase): string => found[phase].map((one) => off(one).toFixed(2)).join(', ');
  return {
    values: found.early.map((one, seed) => Math.max(off(one), off(found.late[seed]!))),
    reason: `early ${each('early')}, late ${each('late')}. Late the loss swings from step to step, and its height is set by the noise of steps as well as by time: coordinates that are lost make steps and their noise smaller, which slowed time leaves aside. How much of the deviation that is was not found out`,
    beside: { 'predicted early': predicted('early'), 'predicted late': predicted('late') },
    settings: settings(found),
  };
}
