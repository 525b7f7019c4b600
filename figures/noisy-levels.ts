import { boundary, linePoint, noisySnapshot, type Sector } from '../src/exact/noisy/index.js';
import { gradientHessianOverlap, topFraction } from '../src/observe/index.js';
import { decimalTicks, gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import type { FigureProgram } from './program.js';
import { printed, sectorStyles } from './sectors.js';
import { columnWidth, curve, guide, palette } from './style.js';

const defaults = { classes: 10, dim: 50, noise: 0.3 };

export const noisyLevelsProgram: FigureProgram = {
  name: 'noisy-levels',
  help: 'all levels of the Hessian along the flow at one noise; overlap(g, Hg) does not see them cross',
  isRandom: false,
  defaults,
  draw: noisyLevelsFigure,
};

/** All levels of the Hessian along the flow at one σ, and the two measures of alignment: one sees the crossing, the other does not. */
export function noisyLevelsFigure({
  classes: k = defaults.classes,
  dim = defaults.dim,
  noise = defaults.noise,
} = {}): Figure {
  const crossed = boundary(k, noise);
  const edge = crossed.relativeMargin;
  const solved = (relative: number) => linePoint({ classes: k, dim, noise, margin: relative / noise ** 2 });
  const regular = [0.002, 0.005, 0.01, 0.015, ...Array.from({ length: 40 }, (_, i) => (i + 1) / 40)];
  const close = [edge * (1 - 1e-6), edge * (1 + 1e-6)]; // f_top steps here
  const ends = [1e-6, 1 - 1e-6]; // the limits of what is not defined at α = 0 and α*
  const states = [0, ...regular, ...close, ...ends]
    .sort((x, y) => x - y)
    .map((relative) => {
      const { spectrum, snapshot } = solved(relative);
      return { relative, snapshot, levels: spectrum.levels };
    });
  const levelOf = (levels: (typeof states)[number]['levels'], sector: Sector) =>
    levels.find((level) => level.sector === sector)!;
  const there = new Map(states[0]!.levels.map(({ sector, multiplicity }) => [sector, multiplicity]));
  const lines = sectorStyles.flatMap(({ sector, colour, dash }) => {
    const multiplicity = there.get(sector) ?? 0; // not every sector has a level where there are few classes
    if (multiplicity === 0) return [];
    const points = states.map(({ relative, levels }) => ({ x: relative, y: levelOf(levels, sector).ratio }));
    const style = { width: sector === 'trivial' ? 2.6 : 1.4, dash };
    return [
      { sector, multiplicity, points, line: curve(`${sector}, multiplicity ${multiplicity}`, points, colour, style) },
    ];
  });
  const crossings = [crossed, ...crossed.later]
    .filter(({ relativeMargin }) => relativeMargin <= 1)
    .map(({ relativeMargin, sector }) => ({
      x: relativeMargin,
      y: levelOf(solved(relativeMargin).spectrum.levels, 'trivial').ratio,
      sector,
    }));
  const moving = states.filter(({ relative }) => relative < 1);
  const overlaps = moving.map(({ relative }) => {
    const snapshot = noisySnapshot({ classes: k, dim, noise, margin: relative / noise ** 2 });
    return { x: relative, y: gradientHessianOverlap(snapshot) };
  });
  const fractions = moving
    .slice(1)
    .map(({ relative, snapshot }) => ({ x: relative, y: topFraction(snapshot, k).lower }));
  const start = topFraction(states[0]!.snapshot, k);
  const named = crossings.map(({ x, sector }) => `${sector} at ${x.toFixed(4)}`);
  const drawn = lines.flatMap(({ points }) => points.map(({ y }) => y));
  const [low, high] = [Math.min(...drawn) / 1.3, Math.max(...drawn) * 1.5];
  const overlapLine = curve('overlap(g, Hg)', overlaps, palette.blue, { y: 'alignment', width: 1.4 });
  const fractionLine = curve(`f_top(${k})`, fractions, palette.vermilion, { y: 'alignment', width: 3.6 });
  const dots = curve(
    'crossings of the trivial level',
    crossings.map(({ x, y }) => ({ x, y })),
    palette.ink,
    { width: 0, dots: 2.2 },
  );

  return {
    id: 'noisy-levels',
    title: 'The gradient sinks through the spectrum, and the overlap with Hg does not notice',
    caption:
      `(a) The positive eigenvalues of the population Hessian, over Ω = E(1 − ‖p‖²)/(k − 1), along the flow from W(0) = 0 to the Bayes-optimal margin α* = 1/σ², for k = ${k} orthonormal means, d = ${dim}, σ = ${noise}; from exact integrals. Multiplicities: ${lines.map(({ sector, multiplicity }) => `${sector} ${multiplicity}`).join(', ')}; the other ${dim} eigenvalues are 0. ` +
      `The gradient is an eigenvector throughout, on the level trivial (thick). It crosses ${named.join(', ')} (dots), and is the smallest positive level from there on. ` +
      `(b) overlap(g, Hg) is 1 on both sides of the first crossing (dashed); f_top(${k}) is 1 before and 0 after it. At α = 0, where all levels but the bulk coincide, f_top(${k}) may be any value in [${start.lower}, ${start.upper}], and at α* the gradient is zero: what is drawn there are the limits.`,
    columns: ['series', 'relative margin', 'value'],
    width: columnWidth,
    height: 380,
    chart: chart(
      [
        dots,
        ...lines.map(({ line }) => line),
        guide(
          'first crossing',
          [low, high].map((y) => ({ x: edge, y })),
        ),
        overlapLine,
        fractionLine,
      ],
      {
        x: linearAxis({ title: 'α/α*', side: 'bottom', min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }),
        alignment: linearAxis({
          title: 'alignment',
          side: 'left',
          min: -0.15,
          max: 1.15,
          ticks: [0, 0.5, 1],
          share: 6,
        }),
        gap: gap('left', 0.8),
        y: logAxis({
          title: 'eigenvalue λ/Ω',
          side: 'left',
          min: low,
          max: high,
          ticks: decimalTicks(low, high),
          share: 16,
        }),
      },
      {
        panels: [{ y: 'y' }, { y: 'alignment' }],
        legends: [
          {
            entries: lines.map(({ sector, multiplicity, line }) => ({
              text: `${printed(sector)}${sector === 'trivial' ? ' (gradient)' : ''} × ${multiplicity}`,
              like: line,
            })),
          },
          {
            yAxis: 'alignment',
            entries: [
              { text: 'overlap(g, Hg)', like: overlapLine },
              { text: `fₜₒₚ(${k})`, like: fractionLine },
            ],
          },
        ],
      },
    ),
  };
}
