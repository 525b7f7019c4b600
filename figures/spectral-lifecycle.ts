import { decadesAround, evenTicks, gap, linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { rows, type LifecycleData, type LifecycleRow } from './lifecycle-rows.js';
import { trainedCaption } from './network-data.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, guide } from './style.js';

/** Accuracies, sharpness, shares, dimensions, R, g₂₃ and drift, displacements, curvatures and ablation of each run against the step, a column for each run; what was not measured has no row. */
export function spectralLifecycleFigure(data: LifecycleData): Figure {
  const { runs } = data;
  const last = Math.max(...runs.flatMap(({ points }) => points.map(({ step }) => step)));
  const panels = rows.flatMap((row) => {
    const values = runs.flatMap(({ points }) =>
      row.lines.flatMap(({ value }) => points.flatMap((p) => value(p) ?? [])),
    );
    if (values.length === 0) return [];
    const positive = values.filter((value) => value > 0);
    const [low, high] = row.isLogarithmic ? decadesAround(positive.length > 0 ? positive : [1]) : [-0.05, 1.08];
    return [{ ...row, low, high }];
  });
  const drawn = runs.flatMap(({ name, points, grokked }, i) => {
    const x = panelAxis(i);
    return panels.flatMap(({ axis, lines, isLogarithmic, low, high }) => [
      ...(grokked === null
        ? []
        : [
            guide(
              `test accuracy 0.95, ${name}`,
              [low, high].map((y) => ({ x: grokked, y })),
              { x, y: axis, dash: [1, 2] },
            ),
          ]),
      ...lines.map(({ label, value, colour, style = {} }) =>
        curve(
          `${label} (${axis}), ${name}`,
          points.flatMap((point): DrawnPoint[] => {
            const y = value(point) ?? null;
            return y === null || (isLogarithmic && !(y > 0)) ? [] : [{ x: point.step, y }];
          }),
          colour,
          { ...style, x, y: axis },
        ),
      ),
    ]);
  });
  const stacked = panels.toReversed().flatMap(({ axis, title, isLogarithmic, low, high, share }, i) => {
    const spec = { title, side: 'left', min: low, max: high, share } as const;
    const every = Math.ceil(Math.log10(high / low) / 3);
    const own = isLogarithmic ? logAxis({ ...spec, every }) : linearAxis({ ...spec, ticks: [0, 0.5, 1] });
    return i === 0 ? [[axis, own] as const] : [[`above${i}`, gap('left', 0.8)] as const, [axis, own] as const];
  });
  const steps = linearAxis({
    title: 'step',
    side: 'bottom',
    min: -0.01 * last,
    max: 1.02 * last,
    ticks: evenTicks(0, last, 4),
    share: 10,
  });
  return {
    id: 'spectral-lifecycle',
    title: 'The lifecycle of a spectral edge through grokking',
    caption: captionOf(data, panels),
    columns: ['series', 'step', 'value'],
    width: 1.5 * columnWidth,
    height: 60 + 12.5 * panels.reduce((sum, { share }) => sum + share, 0),
    chart: chart(
      drawn,
      {
        ...sideBySide(
          runs.map(() => steps),
          0.5,
        ),
        ...Object.fromEntries(stacked),
      },
      {
        panels: panels.map(({ axis }) => ({ y: axis })),
        labels: runs.map(({ name }, i) => ({
          text: name,
          x: 0,
          y: 1.08,
          dy: -8,
          xAxis: panelAxis(i),
          yAxis: 'accuracy',
        })),
        top: 20,
        legends: panels.flatMap(({ axis, lines }) => {
          const entries = lines.map(({ label }) => ({
            text: label,
            like: drawn.find((series) => series.label?.startsWith(`${label} (${axis})`))!,
          }));
          return entries.length > 1
            ? [{ xAxis: panelAxis(runs.length - 1), yAxis: axis, entries, columns: entries.length > 2 ? 3 : 2 }]
            : [];
        }),
      },
    ),
  };
}

function captionOf(data: LifecycleData, drawn: readonly LifecycleRow[]): string {
  const { network, parameters, window, runs } = data;
  const points = runs[0]!.points;
  const turns = runs.map(({ name, grokked }) => `${name}: ${grokked === null ? 'never' : `step ${grokked}`}`);
  return [
    trainedCaption(network, { parameters, records: points }),
    `Dotted lines: the first test accuracy of 0.95 or more (${turns.join('; ')}). Windows hold the last ${window} updates of the attention weights between kept weights; v₁, v₂, v₃ are the first directions of a window.`,
    ...drawn.map(({ says }, i) => `${panelLetter(i)} ${says(data)}`),
  ].join(' ');
}
