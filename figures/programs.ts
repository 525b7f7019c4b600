import { UsageError } from '../src/errors.js';
import { closedFormFigure } from './closed-form.js';
import { collapseFigure } from './collapse.js';
import { collapseWindowFigure } from './collapse-window.js';
import type { Figure } from './figure.js';
import { finiteSampleFigure } from './finite-sample.js';
import { noisyLevelsFigure } from './noisy-levels.js';
import { parameterNames, valuesFor, type FigureValues, type TakenParameters } from './parameters.js';
import { phaseDiagramFigure } from './phase-diagram.js';
import { spectrumFigure } from './spectrum.js';
import { subspaceOverlapFigure } from './subspace-overlap.js';
import { verdictFlipFigure } from './verdict-flip.js';

interface DrawingOptions extends FigureValues {
  readonly seed: number;
  readonly onProgress: (share: number) => void;
}

/** A figure that can be asked for by its id, with the parameters it takes. */
export interface FigureProgram extends TakenParameters {
  /** Whether it depends on the seed. */
  readonly isRandom: boolean;
  readonly draw: (options: DrawingOptions) => Figure | Promise<Figure>;
}

const programs: Readonly<Record<string, FigureProgram>> = {
  collapse: { isRandom: true, defaults: { scale: 0.1, draws: 96 }, draw: collapseFigure },
  spectrum: {
    isRandom: true,
    defaults: { classes: 10, dim: 50, scale: 0.5 },
    bounds: { classes: [3, 30] },
    draw: spectrumFigure,
  },
  'closed-form': { isRandom: true, defaults: { classes: 10, scale: 1 }, draw: closedFormFigure },
  'subspace-overlap': {
    isRandom: true,
    defaults: { classes: 10, dim: 50, scale: 1 },
    bounds: { classes: [4, 30] },
    draw: subspaceOverlapFigure,
  },
  'phase-diagram': { isRandom: false, defaults: { classes: 10 }, draw: phaseDiagramFigure },
  'noisy-levels': { isRandom: false, defaults: { classes: 10, dim: 50, noise: 0.3 }, draw: noisyLevelsFigure },
  'collapse-window': {
    isRandom: true,
    defaults: { classes: 10, dim: 50, noise: 0.3, draws: 300 },
    bounds: { classes: [3, 100], noise: [0.2, 1] },
    draw: collapseWindowFigure,
  },
  'verdict-flip': {
    isRandom: true,
    defaults: { classes: 5, dim: 8, margin: 4.5, draws: 4 },
    bounds: { classes: [2, 20], dim: [2, 50], margin: [0, 10], draws: [1, 100] },
    draw: verdictFlipFigure,
  },
  'finite-sample': {
    isRandom: true,
    defaults: { classes: 4, dim: 5, noise: 0.3 },
    bounds: { classes: [2, 6], dim: [2, 20], noise: [0.1, 1] },
    draw: finiteSampleFigure,
  },
};

/** The figures there are, in the order they are drawn. */
export const figureIds: readonly string[] = Object.keys(programs);

/** Throws UsageError, with a suggestion, for an id that is not a figure's. */
export function figureProgram(id: string): FigureProgram {
  return programs[id] !== undefined && Object.hasOwn(programs, id) ? programs[id] : unknownFigure(id);
}

/** What help says of the parameters: one line for each figure, with the defaults. */
export function parametersHelp(): string {
  return figureIds
    .map((id) => {
      const { defaults } = figureProgram(id);
      const taken = parameterNames.flatMap((name) =>
        defaults[name] === undefined ? [] : [`--${name} ${defaults[name]}`],
      );
      return `  ${id.padEnd(17)}${taken.join(' ')}`;
    })
    .join('\n');
}

/**
 * The programs of some figures with the values they are drawn with.
 *
 * Throws UsageError for an unknown id, a parameter that one of them does not take, a value it cannot draw, and a seed that none depends on.
 */
export function chosenFigures(
  ids: readonly string[],
  { seed, ...given }: FigureValues & { readonly seed?: number },
): { readonly id: string; readonly program: FigureProgram; readonly values: FigureValues }[] {
  const chosen = ids.map((id) => ({ id, program: figureProgram(id) }));
  if (seed !== undefined && !chosen.some(({ program }) => program.isRandom)) {
    throw new UsageError(`nothing in ${ids.join(', ')} is random: leave out --seed`);
  }
  return chosen.map(({ id, program }) => ({ id, program, values: valuesFor(id, program, given) }));
}

function unknownFigure(id: string): never {
  const pairs = (text: string): Set<string> => new Set(Array.from(text, (_, i) => text.slice(i, i + 2)));
  const common = (a: string, b: string): number => [...pairs(a)].filter((pair) => pairs(b).has(pair)).length;
  const [nearest] = [...figureIds].sort((a, b) => common(b, id) - common(a, id));
  throw new UsageError(
    `there is no figure '${id}'; did you mean '${nearest!}'? The figures are ${figureIds.join(', ')}, for example --only collapse`,
  );
}
