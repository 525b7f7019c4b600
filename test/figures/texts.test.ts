import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linearAxis } from '../../figures/axes.js';
import { chart } from '../../figures/chart.js';
import type { Figure } from '../../figures/figure.js';
import * as figures from '../../figures/index.js';
import { curve, palette } from '../../figures/style.js';
import { softmaxFixture } from './softmax-fixture.js';
import { faultsOf, textBoxes } from './text-boxes.js';

const committed = (id: string): never => {
  const path = join(import.meta.dirname, `../../reproduction/figures/${id}.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly data: unknown }).data as never;
};

/** Those that are cheap, some also with other parameters; `index.test.ts` draws the rest. */
const drawn: Readonly<Record<string, () => Figure | Promise<Figure>>> = {
  'closed-form': () => figures.closedFormFigure(),
  spectrum: () => figures.spectrumFigure(),
  'spectrum, k = 3': () => figures.spectrumFigure({ classes: 3, dim: 3, scale: 2 }),
  'subspace-overlap, k = 4': () => figures.subspaceOverlapFigure({ classes: 4, dim: 4 }),
  'phase-diagram, k = 3': () => figures.phaseDiagramFigure({ classes: 3 }),
  'noise-phase, k = 3': () => figures.noisePhaseFigure({ classes: 3, dim: 5 }),
  'noise-dip': () => figures.noiseDipFigure(),
  'noise-dimension': () => figures.noiseDimensionFigure(),
  'noisy-levels, k = 2': () => figures.noisyLevelsFigure({ classes: 2, dim: 3, noise: 1 }),
  'noisy-levels': () => figures.noisyLevelsFigure(),
  'verdict-flip, one run': () => figures.verdictFlipFigure({ draws: 1, classes: 2, dim: 2 }),
  'network, softmax': async () => figures.networkFigure(figures.networkData(await softmaxFixture())),
  fig1a: () => figures.networkFigure(committed('fig1a')),
  'random-labels': () => figures.networkFigure(committed('random-labels')),
  fig2a: () => figures.overlapMapsFigure(committed('fig2a')),
  'linear-decrease': () => figures.linearDecreaseFigure(committed('linear-decrease')),
  'gradient-recurrence': () => figures.gradientRecurrenceFigure(committed('gradient-recurrence')),
  'dominant-bulk': () => figures.dominantBulkFigure(committed('dominant-bulk')),
  outliers: () => figures.outliersFigure(committed('outliers')),
  grokking: () => figures.grokkingFigure(committed('grokking')),
};

/** What must be readable in the picture itself. */
const said: Readonly<Record<string, readonly string[]>> = {
  spectrum: ['(a)', '(b)', 'λ₁, gradient, × 10: W(0) = 0', '10 largest, random W(0)'],
  'noise-phase, k = 3': ['(a)', '(b)', 'flow, inside', 'flow, outside', 'noise', 'fₜₒₚ(k)'],
  'noise-dip': ['(a)', '(b)', 'flow alone', 'η/b = 10⁻³', 'η/b = 10⁻¹'],
  'noise-dimension': ['σ = 0.15', 'σ = 0.6', 'random direction'],
  'noisy-levels': ['(a)', '(b)', 'trivial (gradient) × 1', 'antisymmetric × 36', 'bulk × 360'],
  'network, softmax': ['(a)', '(d)', 'softmax, mixture', 'overlap(g, Hg)', 'random direction: 0.17'],
  fig1a: ['(a)', '(d)', 'training', 'test', 'random direction: 0.00011'],
  'random-labels': ['mlp:100,100, mnist with random labels'],
  'linear-decrease': [
    '(a) one step',
    '(b) descent along one part',
    'top',
    'bulk',
    'computed',
    'second order',
    'first order',
  ],
  'gradient-recurrence': ['(a) network', '(b) exact model', 'from g', 'λₖ'],
  'dominant-bulk': ['SGD', 'Dom-SGD', 'Bulk-SGD', 'switch'],
  grokking: ['(a)', '(d)', 'training', 'test', 'fₜₒₚ(10)', 'ηλ₁', 'transformer:1,128,4, modular'],
  outliers: ['Hessian', 'class', 'cross', 'within pairs of classes', '(a) mixture, softmax'],
};

describe('the texts of a figure', () => {
  it.each(Object.keys(drawn))(
    '%s: none overlaps another or leaves the picture, and all that is needed is said',
    async (id) => {
      const figure = await drawn[id]!();
      const boxes = await textBoxes(figure);
      expect(faultsOf(figure, boxes)).toEqual([]);
      const texts = boxes.map(({ text }) => text);
      for (const text of said[id] ?? []) expect(texts).toContain(text);
      expect(texts.filter((text) => text.includes('null'))).toEqual([]);
      expect(figure.caption).not.toMatch(/undefined|NaN|Infinity|\b(red|blue|orange|green|purple|black|grey|null)\b/i);
    },
  );

  it('are seen where they collide, and where they leave the picture', async () => {
    const ticks = Array.from({ length: 30 }, (_, i) => 100 * i);
    const crowded: Figure = {
      id: 'crowded',
      title: '',
      caption: '',
      columns: [],
      width: 120,
      height: 100,
      chart: chart(
        [curve('line', [{ x: 0, y: 0 }], palette.ink)],
        {
          x: linearAxis({ side: 'bottom', min: 0, max: 2900, ticks }),
          y: linearAxis({ side: 'left', min: 0, max: 1, ticks: [] }),
        },
        { labels: [{ text: 'far too long for a picture', x: 2000, y: 0.5 }] },
      ),
    };
    const faults = faultsOf(crowded, await textBoxes(crowded));
    expect(faults).toContain("'1200' and '1300' overlap");
    expect(faults).toContain("'far too long for a picture' leaves the picture");
  });
});

describe('a legend', () => {
  const corner = async (points: readonly { x: number; y: number }[]): Promise<{ x: number; y: number }> => {
    const line = curve('line', points, palette.ink);
    const axis = { min: 0, max: 1, ticks: [] };
    const figure: Figure = {
      id: 'legend',
      title: '',
      caption: '',
      columns: [],
      width: 300,
      height: 200,
      chart: chart(
        [line],
        { x: linearAxis({ ...axis, side: 'bottom' }), y: linearAxis({ ...axis, side: 'left' }) },
        { legends: [{ entries: [{ text: 'a line', like: line }] }] },
      ),
    };
    const { left, top } = (await textBoxes(figure)).find(({ text }) => text === 'a line')!;
    return { x: (left - 52) / 238, y: 1 - (top - 8) / 155 };
  };

  it('stands where the curve is not', async () => {
    const falling = await corner([
      { x: 0, y: 1 },
      { x: 1, y: 0 },
    ]);
    expect(falling.x + falling.y).toBeGreaterThan(1.5); // top right
    const high = await corner([
      { x: 0, y: 0.95 },
      { x: 1, y: 0.95 },
    ]);
    expect(high.y).toBeLessThan(0.3);
    const around = await corner([
      { x: 0.02, y: 0.1 },
      { x: 0.98, y: 0.1 },
      { x: 0.98, y: 0.93 },
      { x: 0.02, y: 0.93 },
    ]);
    expect(Math.abs(around.x - 0.5)).toBeLessThan(0.4);
    expect(Math.abs(around.y - 0.5)).toBeLessThan(0.35);
  });
});
