import { boundary, linePoint, noisySnapshot, type Sector } from '../src/noise/index.js';
import { gradientHessianOverlap, topFraction } from '../src/observe/index.js';
import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, guide, palette } from './style.js';

const sectors: readonly { sector: Sector; name: string; colour: string; at: readonly [number, number] }[] = [
  { sector: 'trivial', name: 'gradient', colour: palette.vermilion, at: [0.2, -10] },
  { sector: 'standard+', name: 'standard+', colour: palette.blue, at: [0.6, -9] },
  { sector: 'antisymmetric', name: 'antisymmetric', colour: palette.orange, at: [0.6, -9] },
  { sector: 'standard-', name: 'standard−', colour: palette.purple, at: [0.02, 30] },
  { sector: 'symmetric', name: 'symmetric', colour: palette.green, at: [0.73, 10] },
  { sector: 'bulk', name: 'bulk', colour: palette.ink, at: [0.02, 9] },
];

/** All levels of the Hessian along the flow at one σ, and the two measures of alignment: one sees the crossing, the other does not. */
export function noisyLevelsFigure(): Figure {
  const [k, dim, noise] = [10, 50, 0.3];
  const crossed = boundary(k, noise);
  const edge = crossed.relativeMargin;
  const solved = (relative: number) => linePoint({ classes: k, dim, noise, margin: relative / noise ** 2 });
  const regular = Array.from({ length: 40 }, (_, i) => (i + 1) / 40);
  const close = [edge * (1 - 1e-6), edge * (1 + 1e-6)]; // f_top steps here
  const states = [0, ...regular, ...close]
    .sort((x, y) => x - y)
    .map((relative) => {
      const { spectrum, snapshot } = solved(relative);
      return { relative, snapshot, levels: spectrum.levels };
    });
  const levelOf = (levels: (typeof states)[number]['levels'], sector: Sector) =>
    levels.find((level) => level.sector === sector)!;
  const lines = sectors.map((line) => ({
    ...line,
    multiplicity: levelOf(states[0]!.levels, line.sector).multiplicity,
    points: states.map(({ relative, levels }) => ({ x: relative, y: levelOf(levels, line.sector).ratio })),
  }));
  const crossings = [crossed, ...crossed.later].map(({ relativeMargin, sector }) => ({
    x: relativeMargin,
    y: levelOf(solved(relativeMargin).spectrum.levels, 'trivial').ratio,
    name: sectors.find((line) => line.sector === sector)!.name,
  }));
  // Neither is defined at α*, where the gradient is zero, nor f_top at α = 0.
  const moving = states.filter(({ relative }) => relative < 1);
  const overlaps = moving.map(({ relative }) => {
    const snapshot = noisySnapshot({ classes: k, dim, noise, margin: relative / noise ** 2 });
    return { x: relative, y: gradientHessianOverlap(snapshot) };
  });
  const fractions = moving
    .slice(1)
    .map(({ relative, snapshot }) => ({ x: relative, y: topFraction(snapshot, k).lower }));
  const start = topFraction(states[0]!.snapshot, k);
  const named = crossings.map(({ x, name }) => `${name} at ${x.toFixed(4)}`);

  return {
    id: 'noisy-levels',
    title: 'The gradient sinks through the spectrum, and the overlap with Hg does not notice',
    caption:
      `Top: the positive eigenvalues of the population Hessian, over Ω = E(1 − ‖p‖²)/(k − 1), along the flow from W(0) = 0 to the Bayes-optimal margin α* = 1/σ², for k = ${k} orthonormal means, d = ${dim}, σ = ${noise}; from exact integrals. Multiplicities: ${lines.map(({ name, multiplicity }) => `${name} ${multiplicity}`).join(', ')}; the other ${dim} eigenvalues are 0. ` +
      `The gradient is an eigenvector throughout, on the thick level. It crosses ${named.join(', ')} (dots), and is the smallest positive level from there on. ` +
      `Bottom: overlap(g, Hg) is 1 on both sides of the first crossing (dashed); f_top(${k}) is 1 before and 0 after it. At α = 0, where all levels but the bulk coincide, f_top(${k}) may be any value in [${start.lower}, ${start.upper}].`,
    columns: ['series', 'relative margin', 'value'],
    width: columnWidth,
    height: 330,
    chart: chart(
      [
        curve(
          'crossings of the gradient',
          crossings.map(({ x, y }) => ({ x, y })),
          palette.ink,
          { width: 0, dots: 2.2 },
        ),
        ...lines.map(({ sector, name, multiplicity, points, colour }) =>
          curve(`${name}, multiplicity ${multiplicity}`, points, colour, { width: sector === 'trivial' ? 2.6 : 1.4 }),
        ),
        guide(
          'first crossing',
          [0.01, 1].map((y) => ({ x: edge, y })),
        ),
        curve('overlap(g, Hg)', overlaps, palette.blue, { y: 'alignment', width: 1.4 }),
        curve(`f_top(${k})`, fractions, palette.vermilion, { y: 'alignment', width: 3.6 }),
      ],
      {
        x: linearAxis({ title: 'α/α*', side: 'bottom', min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }),
        alignment: linearAxis({ title: 'alignment', side: 'left', min: -0.15, max: 1.3, ticks: [0, 0.5, 1], share: 6 }),
        gap: gap('left', 0.8),
        y: logAxis({
          title: 'eigenvalue λ/Ω',
          side: 'left',
          min: 0.02,
          max: 0.7,
          ticks: [0.02, 0.05, 0.1, 0.2, 0.5],
          share: 14,
        }),
      },
      [
        ...lines.map(({ name, multiplicity, colour, points, at: [x, dy] }) => ({
          text: `${name} × ${multiplicity}`,
          x,
          y: points.find((point) => point.x >= x)!.y,
          dy,
          colour,
        })),
        { text: 'overlap(g, Hg)', x: 0.98, y: 1, dy: -8, align: 'right', yAxis: 'alignment', colour: palette.blue },
        { text: `fₜₒₚ(${k})`, x: 0.98, y: 0, dy: -9, align: 'right', yAxis: 'alignment', colour: palette.vermilion },
      ],
    ),
  };
}
