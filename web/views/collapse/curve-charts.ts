import { line, ruleY } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { fractionCaption, restCaption } from './captions.js';
import type { CollapseCurves } from './collapse-curves.js';
import type { CollapseSettings } from './controls.js';
import { decades, tickFormat, timeFrame, type Point } from './time-frame.js';

/** Below it nothing is left of 1 − f_top but rounding. */
const least = 1e-14;

/** 1 − f_top(k) against time, both by ratios: how fast the collapse is, and with noise how it ends. */
export function restChart(settings: CollapseSettings, curves: CollapseCurves | undefined): ChartContent {
  const { classes: k, noise, threshold } = settings;
  const law = lawOf(settings, curves);
  const rest = (value: number): number => Math.max(least, 1 - value);
  const lowest = Math.max(least, Math.min(1e-3, ...(curves?.quantiles.map(([, , high]) => rest(high) / 2) ?? [])));
  return {
    ...timeFrame(
      settings,
      curves,
      rest,
      [
        ...(law.length > 0
          ? [line(law, { x: 'time', y: 'value', stroke: colours.ink, strokeDasharray: '2 4', strokeWidth: 2 })]
          : []),
        ...(noise > 0 ? [ruleY([1 - threshold], { stroke: colours.grey, strokeDasharray: '3 3' })] : []),
      ],
      {
        type: 'log',
        domain: [lowest, 2],
        label: '↑ outside the top k: 1 − f_top(k)',
        ticks: decades(lowest, 1),
        tickFormat,
      },
      [
        ...(law.length > 0 ? [{ text: `law t^(−2/${k}), beside the curve`, colour: colours.ink, dash: '2 4' }] : []),
        ...(noise > 0
          ? [{ text: `1 − threshold = ${short(1 - threshold, 3)}`, colour: colours.grey, dash: '3 3' }]
          : []),
      ],
    ),
    caption: restCaption(settings, curves),
  };
}

/** f_top(k) itself against time: where it starts and what it comes to. */
export function insideChart(settings: CollapseSettings, curves: CollapseCurves | undefined): ChartContent {
  const { classes: k, noise, threshold } = settings;
  const start = 1 / (k - 1);
  return {
    ...timeFrame(
      settings,
      curves,
      (value) => value,
      [
        ruleY([start], { stroke: colours.ink, strokeDasharray: '2 4' }),
        ...(noise > 0 ? [ruleY([threshold], { stroke: colours.grey, strokeDasharray: '3 3' })] : []),
      ],
      { domain: [0, 1.02], label: '↑ f_top(k)', ticks: 5 },
      [
        { text: `1/(k − 1) = ${short(start, 3)}`, colour: colours.ink, dash: '2 4' },
        ...(noise > 0 ? [{ text: `threshold = ${short(threshold, 3)}`, colour: colours.grey, dash: '3 3' }] : []),
      ],
    ),
    caption: fractionCaption(settings),
  };
}

/** t^(−2/k) beside the median, over its last six decades: the law gives the slope alone. */
function lawOf({ classes: k, noise }: CollapseSettings, curves: CollapseCurves | undefined): Point[] {
  if (noise > 0 || k === 2 || curves === undefined) return [];
  const { times, quantiles } = curves;
  const [last, end] = [times.at(-1)!, 1 - quantiles.at(-1)![1]];
  return times
    .filter((time) => time >= last / 1e6)
    .map((time) => ({ time, value: 4 * end * (time / last) ** (-2 / k) }));
}
