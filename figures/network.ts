import { decadesAround, evenTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { Legend } from './legend.js';
import { dataName, trainedCaption, type NetworkData, type NetworkRecord } from './network-data.js';
import type { Panel } from './panels.js';
import { logarithmicSteps, stepAxis } from './step-axis.js';
import { columnWidth, guide, palette, subscript } from './style.js';

/**
 * A training run: f_top(m) with what a random direction and, where that was recorded, SGD's noise alone have, and overlap(g, Hg); the ratio of the eigenvalues at the cut, loss and
 * accuracy against the step. Where f_top moves mostly in the first tenth of the steps, these are on a logarithmic axis, with
 * step 0 on a place of its own.
 */
export function networkFigure(data: NetworkData): Figure {
  const { network, subspace: m, parameters, records } = data;
  const random = m / parameters;
  const steps = stepAxis(records, risesEarly(records));
  const { isLogarithmic: isEarly, first, x, across, series } = steps;
  const fraction = series(`f_top(${m})`, ({ topFraction }) => topFraction[0], palette.vermilion);
  const upper = series(`f_top(${m}), upper end`, ({ topFraction }) => topFraction[1], palette.vermilion, {
    band: true,
    width: 0,
  });
  const overlap = series('overlap(g, Hg)', (r) => r.overlap, palette.sky, { width: 1, dash: [3, 1.5] });
  const noise = series(`f_top(${m}) of noise alone`, (r) => r.noise?.stationary ?? null, palette.purple, { width: 1 });
  const spectrumOnly = series('Σλ²/Tr H²', (r) => r.noise?.spectrumOnly ?? null, palette.ink, {
    width: 1,
    dash: [1, 2],
  });
  const hasNoise = records.some((r) => r.noise !== undefined);
  const direction = guide('f_top of a random direction: m/parameters', across(random));
  const ratio = series(`λ_${m}/λ_${m + 1}`, (r) => r.ratio, palette.green, { y: 'ratio' });
  const loss = series('training loss', (r) => r.loss, palette.blue, { y: 'loss' });
  const training = series('training accuracy', (r) => r.accuracy, '#cf8fc6', { y: 'accuracy', width: 3, dots: 2.2 });
  const test = series('test accuracy', (r) => r.testAccuracy, palette.ink, { y: 'accuracy', width: 1, dash: [4, 2] });
  const hasAccuracy = records.some(({ accuracy }) => accuracy !== null);
  const hasTest = records.some(({ testAccuracy }) => testAccuracy !== null);

  const ratios = records.flatMap((r) => r.ratio ?? []);
  const largestRatio = Math.min(20, Math.max(2, ...ratios)); // beyond, the curve leaves its panel
  const [lowLoss, highLoss] = decadesAround(records.map((r) => Math.max(r.loss, 1e-30)));
  const lowest = Math.min(-0.05, ...records.map((r) => r.overlap * 1.1));
  const panels: Panel[] = [
    { x, y: 'y' },
    { x, y: 'ratio' },
    { x, y: 'loss' },
    ...(hasAccuracy ? [{ x, y: 'accuracy' }] : []),
  ];
  const heading = `${network.model}, ${dataName(network)}`;
  const legends: Legend[] = [
    {
      entries: [
        { text: `fₜₒₚ(${m})`, like: fraction.at(-1)! },
        { text: 'overlap(g, Hg)', like: overlap.at(-1)! },
        ...(hasNoise
          ? [
              { text: 'noise alone', like: noise.at(-1)! },
              { text: 'noise, spectrum alone', like: spectrumOnly.at(-1)! },
            ]
          : []),
        { text: `random direction: ${random.toPrecision(2)}`, like: direction },
      ],
    },
    ...(hasTest
      ? [
          {
            yAxis: 'accuracy',
            entries: [
              { text: 'training', like: training.at(-1)! },
              { text: 'test', like: test.at(-1)! },
            ],
          },
        ]
      : []),
  ];
  return {
    id: 'network',
    title: `${network.model} on ${dataName(network)}: the gradient in the top ${m} Hessian eigenvectors`,
    caption: captionOf(data, isEarly),
    columns: ['series', 'step', 'value'],
    width: columnWidth,
    height: hasAccuracy ? 500 : 405,
    chart: chart(
      [
        ...fraction,
        ...upper,
        ...overlap,
        ...(hasNoise ? [...noise, ...spectrumOnly] : []),
        direction,
        ...ratio,
        guide('1: no gap', across(1), { y: 'ratio' }),
        ...loss,
        ...(hasTest ? test : []),
        ...(hasAccuracy ? training : []),
      ],
      {
        ...steps.axes,
        ...(hasAccuracy && {
          accuracy: linearAxis({
            title: 'accuracy',
            side: 'left',
            min: 0,
            max: 1.05,
            ticks: [0, 0.5, 1],
            share: 5,
          }),
          lowestGap: gap('left', 0.7),
        }),
        loss: logAxis({
          title: 'training loss',
          side: 'left',
          min: lowLoss,
          max: highLoss,
          every: 1,
          share: 5,
        }),
        lowGap: gap('left', 0.7),
        ratio: linearAxis({
          title: `λ${subscript(m)}/λ${subscript(m + 1)}`,
          side: 'left',
          min: 0.9,
          max: 1.05 * largestRatio,
          ticks: evenTicks(1, 1.05 * largestRatio, 5),
          share: 5,
        }),
        gap: gap('left', 0.7),
        y: linearAxis({
          title: 'alignment',
          side: 'left',
          min: lowest,
          max: 1.08,
          ticks: [-1, -0.5, 0, 0.5, 1].filter((tick) => tick >= lowest),
          share: 10,
        }),
      },
      {
        panels,
        legends,
        labels: [
          { text: heading, x: isEarly ? 0 : first, y: 1.08, dy: -8, ...(isEarly && { xAxis: 'start', dx: -15 }) },
        ],
        top: 20,
      },
    ),
  };
}

/** Whether f_top moves mostly in the first tenth of the steps, so that a linear axis would press it against its left end. */
function risesEarly(records: readonly NetworkRecord[]): boolean {
  const last = records.at(-1)!.step;
  const moved = (until: number): number =>
    records
      .slice(1)
      .filter(({ step }) => step <= until)
      .reduce((sum, { topFraction }, i) => sum + Math.abs(topFraction[0] - records[i]!.topFraction[0]), 0);
  const early = records.filter(({ step }) => step > 0 && step <= 0.1 * last).length;
  return early >= 2 && moved(0.1 * last) > 0.5 * moved(last);
}

function captionOf({ network, subspace: m, parameters, records }: NetworkData, isEarly: boolean): string {
  const [start, final] = [records[0]!, records.at(-1)!];
  const middle = ({ topFraction: [lower, upper] }: NetworkRecord): number => (lower + upper) / 2;
  const accuracy =
    final.accuracy === null
      ? ''
      : ` (d) Accuracy on the training samples (light, thick)${final.testAccuracy === null ? '' : ' and on the test images (dark, dashed)'}.`;
  return [
    trainedCaption(network, { parameters, records }, isEarly ? logarithmicSteps : ''),
    `(a) The fraction of the squared gradient in the top ${m} Hessian eigenvectors, ${records.length === 1 ? middle(start).toPrecision(2) : `from ${middle(start).toPrecision(2)} at first to ${middle(final).toPrecision(3)} at step ${final.step}`}; a random direction has ${(m / parameters).toPrecision(2)}. ${intervals(records)}Dashed: overlap(g, Hg).${noiseText(records)}`,
    `(b) The ratio of the eigenvalues on either side of the cut; dashed: 1, no gap. (c) Training loss.${accuracy}`,
  ].join(' ');
}

function noiseText(records: readonly NetworkRecord[]): string {
  const { noise } = records.at(-1)!;
  if (noise === undefined) return '';
  const value = (of: number | null): string => (of === null ? 'none' : of.toPrecision(3));
  return ` Thin: the stationary noise of SGD alone, ${value(noise.stationary)} at the end; dotted: noise as the spectrum alone has it, Σλ²/Tr H², ${value(noise.spectrumOnly)}.`;
}

function intervals(records: readonly NetworkRecord[]): string {
  const widths = records.map(({ topFraction: [lower, upper] }) => upper - lower).sort((a, b) => a - b);
  const widest = widths.at(-1)!;
  if (widest === 0) return '';
  return `Each value is an interval, ${roundedUp(widths[Math.floor(widths.length / 2)]!)} wide in the median, ${roundedUp(widest)} at most; the lower end is drawn, with a band up to the upper one. `;
}

/** To two digits, never downwards. */
function roundedUp(x: number): string {
  if (x === 0) return '0';
  const unit = 10 ** (Math.floor(Math.log10(x)) - 1);
  return (Math.ceil(x / unit - 1e-9) * unit).toPrecision(2);
}
