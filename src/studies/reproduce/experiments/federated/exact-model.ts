import type { Measurement } from '../../engine/experiment.js';
import type { LineCosine } from '../../probes/line-cosines.js';
import type { ModelCorrelation } from '../../probes/model-correlation.js';
import { meanOfValues } from '../../shared/train-row.js';
import { lineSetting, restSetting } from './tasks.js';

/** Along time, at rest. */
export function restDeviation({ rest }: { readonly rest: readonly (readonly ModelCorrelation[])[] }): Measurement {
  return {
    values: rest.map((one) => Math.max(...one.flatMap(({ deviation, deviationTop }) => [deviation, deviationTop]))),
    beside: {
      τ: rest[0]!.map(({ lag }) => lag).join(', '),
      correlation: rest[0]!.map(({ correlation }) => correlation.toFixed(2)).join(', '),
      predicted: rest[0]!.map(({ predicted }) => predicted.toFixed(2)).join(', '),
      'top share': meanOfValues(rest.flatMap((one) => one.map(({ top }) => top))),
      'its law': rest[0]![0]!.predictedTop,
    },
    settings: restSetting,
  };
}

/** Clients with a class each, on the line. */
export function lineCosineDeviation({ line }: { readonly line: readonly (readonly LineCosine[])[] }): Measurement {
  return {
    values: line.map((one) => Math.max(...one.map(({ measured, predicted }) => Math.abs(measured - predicted)))),
    beside: {
      'α/α*': line[0]!.map(({ relativeMargin }) => relativeMargin).join(', '),
      'closed form': line[0]!.map(({ predicted }) => predicted.toFixed(3)).join(', '),
      measured: line[0]!.map(({ measured }) => measured.toFixed(3)).join(', '),
    },
    settings: lineSetting,
  };
}
