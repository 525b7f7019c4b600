import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { Measurement } from '../../engine/experiment.js';
import type { CompressedRounds, Compression } from '../../probes/compressed-rounds.js';
import { meanOfValues } from '../../shared/train-row.js';
import { settings, type Runs } from './settings.js';
import { compressed, dimension } from './tasks.js';

/** The decrease of the loss by compressed rounds over that without compression. */
const decreaseOf = (one: CompressedRounds, kind: Compression): number =>
  (one[kind][0]! - one[kind].at(-1)!) / (one.none[0]! - one.none.at(-1)!);

/** What of the decrease is kept. `conclude`: the reason, from what was found. */
export const kept =
  (kind: Compression, conclude?: (rounds: readonly CompressedRounds[], found: Runs) => string) =>
  (found: Runs & { readonly rounds: readonly CompressedRounds[] }): Measurement => ({
    values: found.rounds.map((one) => decreaseOf(one, kind)),
    beside: {
      'loss before': meanOfValues(found.rounds.map((one) => one.none[0]!)),
      'without compression': meanOfValues(found.rounds.map((one) => one.none.at(-1)!)),
      compressed: meanOfValues(found.rounds.map((one) => one[kind].at(-1)!)),
    },
    ...(conclude && { reason: conclude(found.rounds, found) }),
    settings: { ...settings(found), ...compressed, 'whole rounds': dimension },
  });

/** What whole rounds alone bring, which a random space shows. */
export const againstRandom = (rounds: readonly CompressedRounds[]): string => {
  const of = (kind: Compression): string => meanOfValues(rounds.map((one) => decreaseOf(one, kind))).toFixed(2);
  return `a random space of as many dimensions, in which next to nothing is sent, has ${of('random')} of the decrease from the whole rounds alone; the last gradients ${of('last')}, the top space ${of('top')}`;
};

/** The same, and how much of the full gradient is in the top space at the step from which the rounds go on. */
export const topAtStart = (rounds: readonly CompressedRounds[], { runs }: Runs): string =>
  `${againstRandom(rounds)}; f_top(10) of the full gradient where the rounds begin is ${runs.map(({ records }) => knownTopFraction(records.at(-2)!).middle.toFixed(2)).join(', ')}: no more than that of it can be sent then`;
