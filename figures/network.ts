import { knownTopFraction } from '../src/run/known-top-fraction.js';
import type { RecordedRun } from '../src/run/load-run.js';
import type { TrainRecord } from '../src/run/train-document.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { columnWidth, curve, guide, palette, type CurveStyle } from './style.js';

/** A training run: f_top(m) with its null value and overlap(g, Hg), the ratio of the eigenvalues at the cut, loss and accuracy against the step. */
export function networkFigure({ run, records }: RecordedRun): Figure {
  const { subspace: m, config } = run;
  const last = Math.max(records.at(-1)!.step, 10);
  const null_ = m / run.parameters;
  const across = (y: number): DrawnPoint[] => [0, last].map((x) => ({ x, y }));
  const series = (label: string, value: (r: TrainRecord) => number | null, colour: string, style: CurveStyle = {}) =>
    curve(
      label,
      records.flatMap((r) => {
        const y = value(r);
        return y === null ? [] : [{ x: r.step, y }];
      }),
      colour,
      style,
    );
  const ratios = records.flatMap((r) => ratioAtCut(r, m) ?? []);
  const losses = records.map(({ loss }) => Math.max(loss, 1e-30));
  const decade = (values: readonly number[]): readonly [number, number] => [
    10 ** Math.floor(Math.log10(Math.min(...values)) - 0.05),
    10 ** Math.ceil(Math.log10(Math.max(...values)) + 0.05),
  ];
  const [lowLoss, highLoss] = decade(losses);
  const largestRatio = Math.min(20, Math.max(2, ...ratios)); // beyond, the curve leaves its panel
  return {
    id: 'network',
    title: `${config.model} on ${run.data.name}: the gradient in the top ${m} Hessian eigenvectors`,
    caption: captionOf({ run, records }, null_),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: 480,
    chart: chart(
      [
        series(`f_top(${m})`, (r) => knownTopFraction(r).lower, palette.vermilion, { dots: 1.5 }),
        series(`f_top(${m}), upper end`, (r) => knownTopFraction(r).upper, palette.vermilion, { band: true, width: 0 }),
        series('overlap(g, Hg)', (r) => r.overlapGradientHessianGradient, palette.sky, { width: 1 }),
        guide('null value of f_top: m/parameters', across(null_)),
        series(`λ_${m}/λ_${m + 1}`, (r) => ratioAtCut(r, m), palette.green, { y: 'ratio', dots: 1.5 }),
        guide('1: no gap', across(1), { y: 'ratio' }),
        series('training loss', (r) => r.loss, palette.blue, { y: 'loss' }),
        series('training accuracy', (r) => r.accuracy, palette.purple, { y: 'accuracy' }),
        series('test accuracy', (r) => r.testAccuracy, palette.purple, { y: 'accuracy', width: 1, dash: [3, 2] }),
      ],
      {
        x: linearAxis({ title: 'step', side: 'bottom', min: 0, max: last, ticks: evenTicks(last) }),
        accuracy: linearAxis({ title: 'accuracy', side: 'left', min: 0, max: 1.05, ticks: [0, 0.5, 1], share: 5 }),
        lowestGap: gap('left', 0.7),
        loss: logAxis({ title: 'loss', side: 'left', min: lowLoss, max: highLoss, every: 1, share: 5 }),
        lowGap: gap('left', 0.7),
        ratio: linearAxis({
          title: `λ${subscript(m)}/λ${subscript(m + 1)}`,
          side: 'left',
          min: 0.9,
          max: 1.05 * largestRatio,
          ticks: [1, 2, 4, 8, 16].filter((tick) => tick <= largestRatio),
          share: 5,
        }),
        gap: gap('left', 0.7),
        y: linearAxis({
          title: 'alignment',
          side: 'left',
          min: Math.min(-0.05, ...records.map((r) => r.overlapGradientHessianGradient * 1.1)),
          max: 1.08,
          ticks: [-1, -0.5, 0, 0.5, 1].filter(
            (tick) => tick >= 0 || records.some((r) => r.overlapGradientHessianGradient < tick),
          ),
          share: 10,
        }),
      },
      [
        {
          text: `fₜₒₚ(${m})`,
          x: 0.98 * last,
          y: 0.34,
          align: 'right',
          colour: palette.vermilion,
        },
        { text: 'overlap(g, Hg)', x: 0.98 * last, y: 0.2, align: 'right', colour: palette.sky },
        {
          text: `null ${null_.toPrecision(2)}`,
          x: 0.98 * last,
          y: null_,
          dy: -7,
          align: 'right',
          colour: palette.grey,
        },
        {
          text: 'training; dashed: test',
          x: 0.98 * last,
          y: 0.4,
          align: 'right',
          yAxis: 'accuracy',
          colour: palette.purple,
        },
      ],
    ),
  };
}

/** λ_m/λ_{m+1} where both are known and positive. */
function ratioAtCut({ eigenvalues }: TrainRecord, m: number): number | null {
  const [above, below] = [eigenvalues[m - 1], eigenvalues[m]];
  return above !== undefined && below !== undefined && below > 0 ? above / below : null;
}

function subscript(n: number): string {
  return Array.from(String(n), (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!).join('');
}

function evenTicks(last: number): number[] {
  const step = [1, 2, 5]
    .flatMap((digit) => [0, 1, 2, 3, 4, 5, 6].map((e) => digit * 10 ** e))
    .sort((a, b) => a - b)
    .find((size) => last / size <= 6)!;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

function captionOf({ run, records }: RecordedRun, null_: number): string {
  const { config, data, subspace: m, parameters } = run;
  const final = records.at(-1)!;
  const known = records.map(knownTopFraction);
  const widths = known.map(({ lower, upper }) => upper - lower);
  return [
    `${config.model} (${config.activation}, ${parameters} parameters) on ${data.samples} samples of ${data.name}, ${config.loss}, ${config.optimizer.kind} with batch ${config.batch ?? 'all'} and learning rate ${config.schedule.rate}, seed ${config.seed}. Gradient and Hessian are those of the full training loss, measured at ${records.length} steps.`,
    `Top: the fraction of the squared gradient in the top ${m} Hessian eigenvectors, from ${known[0]!.middle.toPrecision(2)} at first to ${known.at(-1)!.middle.toPrecision(3)} at step ${final.step}; a random direction has ${null_.toPrecision(2)}. ${intervals(records, widths)}Light: overlap(g, Hg).`,
    `Second: the ratio of the eigenvalues on either side of the cut. Third: training loss. Bottom: ${final.accuracy === null ? 'empty, a regression has no accuracy' : `training accuracy${final.testAccuracy === null ? '' : ', dashed on the test images'}`}.`,
  ].join(' ');
}

function intervals(records: readonly TrainRecord[], widths: readonly number[]): string {
  const widest = Math.max(...widths);
  if (widest === 0) return '';
  const kind = records.every(({ topFractionBounds }) => topFractionBounds !== null)
    ? 'interval in which it certainly lies'
    : 'interval over all choices of top eigenvectors';
  const median = [...widths].sort((a, b) => a - b)[Math.floor(widths.length / 2)]!;
  return `Each value is an ${kind}, ${roundedUp(median)} wide in the median, ${roundedUp(widest)} at most; the lower end is drawn, with a band up to the upper one. `;
}

/** To two digits, never downwards. */
function roundedUp(x: number): string {
  const unit = 10 ** (Math.floor(Math.log10(x)) - 1);
  return (Math.ceil(x / unit - 1e-9) * unit).toPrecision(2);
}
