import type { Measurement } from '../../engine/experiment.js';
import type { LostOnLine } from '../../probes/lost-on-line.js';
import { meanOfValues } from '../../shared/train-row.js';
import { lineSettings, most } from './tasks.js';

const lineCost = (found: LostOnLine, part: 'top' | 'bulk', of: 'predicted' | 'measured'): number =>
  found.found.find((one) => one.part === part && one.probability === most)![of];

/** What is missing in the exact model: the largest deviation from closed form. */
export function lineDeviation({
  lineEarly,
  lineLate,
}: {
  readonly lineEarly: readonly LostOnLine[];
  readonly lineLate: readonly LostOnLine[];
}): Measurement {
  const both = [lineEarly, lineLate] as const;
  const shown = (of: 'predicted' | 'measured', part: 'top' | 'bulk'): string =>
    both.map((phase) => meanOfValues(phase.map((one) => lineCost(one, part, of))).toFixed(3)).join(', ');
  return {
    values: lineEarly.map((_, seed) =>
      Math.max(
        ...both.flatMap((phase) => phase[seed]!.found.map(({ predicted, measured }) => Math.abs(predicted - measured))),
      ),
    ),
    beside: {
      'f_top(k) early, late': both.map((phase) => phase[0]!.topFraction).join(', '),
      'top lost, q = 0.9: early, late': shown('measured', 'top'),
      'in closed form': shown('predicted', 'top'),
      'bulk lost, q = 0.9: early, late': shown('measured', 'bulk'),
      'its closed form': shown('predicted', 'bulk'),
    },
    settings: lineSettings,
  };
}
