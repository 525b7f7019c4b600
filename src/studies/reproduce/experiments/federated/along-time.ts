import type { Measurement } from '../../engine/experiment.js';
import type { LaggedGradient } from '../../probes/sent-gradients.js';
import { meanOfValues } from '../../shared/train-row.js';
import { settings, type Runs } from './settings.js';
import { dimension } from './tasks.js';

type Sent = readonly LaggedGradient[];

/** The mean over the lags of a share. */
const overLags =
  (of: (at: LaggedGradient) => number) =>
  (found: Sent): number =>
    meanOfValues(found.map(of));
/** In the top space, and in the last gradients. */
export const sentTopShare = overLags(({ sentTop }) => sentTop);
export const sentLastShare = overLags(({ sentLast }) => sentLast);
const lawShare = overLags(({ predicted }) => predicted.sentTop);

/** A share of what is sent later. */
export const shareSent =
  (value: (found: Sent) => number) =>
  (found: Runs & { readonly sent: readonly Sent[] }): Measurement => {
    const over = (of: (one: Sent) => number): number => meanOfValues(found.sent.map(of));
    return {
      values: found.sent.map(value),
      beside: {
        'in the top space': over(sentTopShare),
        'by the law': over(lawShare),
        'in the last gradients': over(sentLastShare),
        'full gradient in the top space': over(overLags(({ fullTop }) => fullTop)),
        'random space': dimension / found.runs[0]!.run.parameters,
      },
      settings: settings(found),
    };
  };

/** Whether what is missing from the span of the last gradients was in it at first. */
export function notForgotten(sent: readonly Sent[]): string {
  const at = (place: 0 | -1): string => meanOfValues(sent.map((one) => one.at(place)!.sentLast)).toFixed(2);
  const [first, last] = [sent[0]!.at(0)!.lag, sent[0]!.at(-1)!.lag];
  return `${at(0)} of it after τ = ${first} and ${at(-1)} after ${last}: what is missing from the first on is not forgotten along time, but was never in the span of so few gradients`;
}

/** The largest deviation over the lags from what the law predicts. */
export const fromLaw =
  (measured: (at: LaggedGradient) => number, predicted: (at: LaggedGradient) => number) =>
  (found: Runs & { readonly sent: readonly Sent[] }): Measurement => {
    const each = (of: (at: LaggedGradient) => number): string =>
      found.sent[0]!.map((_, i) => meanOfValues(found.sent.map((one) => of(one[i]!))).toFixed(2)).join(', ');
    return {
      values: found.sent.map((one) => Math.max(...one.map((at) => Math.abs(measured(at) - predicted(at))))),
      beside: {
        τ: found.sent[0]!.map(({ lag }) => lag).join(', '),
        measured: each(measured),
        predicted: each(predicted),
      },
      settings: settings(found),
    };
  };
