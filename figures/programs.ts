import { mnistIsAvailable } from '../src/data/mnist.js';
import { UsageError } from '../src/errors.js';
import { measure } from '../src/train/measure.js';
import { mnistDefaults, type MeasureConfig } from '../src/train/measure-config.js';
import { closedFormProgram } from './closed-form.js';
import { collapseProgram } from './collapse.js';
import { collapseWindowProgram } from './collapse-window.js';
import { finiteSampleProgram } from './finite-sample.js';
import { noisyLevelsProgram } from './noisy-levels.js';
import { phaseDiagramProgram } from './phase-diagram.js';
import { spectrumProgram } from './spectrum.js';
import { subspaceOverlapProgram } from './subspace-overlap.js';
import { verdictFlipProgram } from './verdict-flip.js';
import { parameterNames, valuesFor, type FigureValues } from './parameters.js';
import type { FigureProgram } from './program.js';
import { softmaxFigure } from './softmax.js';

const softmaxProgram: FigureProgram = {
  name: 'softmax',
  help: 'f_top(k) and overlap(g, Hg) of softmax regression on MNIST against the SGD step',
  isRandom: true,
  defaults: { samples: 3000, steps: 470 },
  draw: async ({ measurement, ...options } = {}) =>
    softmaxFigure(measurement ?? (await measure(softmaxConfig(options)))),
};

/** The figures there are, in the order they are drawn. */
export const figurePrograms: readonly FigureProgram[] = [
  collapseProgram,
  spectrumProgram,
  closedFormProgram,
  subspaceOverlapProgram,
  phaseDiagramProgram,
  noisyLevelsProgram,
  collapseWindowProgram,
  verdictFlipProgram,
  finiteSampleProgram,
  softmaxProgram,
];

/** Their names. */
export const figureIds: readonly string[] = figurePrograms.map(({ name }) => name);

/** Throws UsageError, with a suggestion, for an id that is not a figure's. */
export function figureProgram(id: string): FigureProgram {
  return figurePrograms.find(({ name }) => name === id) ?? unknownFigure(id);
}

/** What help says of the parameters: one line for each figure, with the defaults. */
export function parametersHelp(): string {
  return figurePrograms
    .map(({ name: id, defaults }) => {
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

/** What the figure `softmax` measures by itself: MNIST images, 3,000 for ten epochs if left out, or the mixture where MNIST is missing. */
export function softmaxConfig({
  seed = 1,
  samples = 3_000,
  steps = 470,
}: {
  readonly seed?: number;
  readonly samples?: number;
  readonly steps?: number;
} = {}): MeasureConfig {
  return {
    ...mnistDefaults,
    data: mnistIsAvailable()
      ? { kind: 'mnist', samples, pixels: 'unit' }
      : { kind: 'mixture', classes: 10, dim: 50, noise: 0.1, samples },
    steps,
    top: 10,
    window: { length: 150, every: 10 },
    seed,
  };
}

function unknownFigure(id: string): never {
  const pairs = (text: string): Set<string> => new Set(Array.from(text, (_, i) => text.slice(i, i + 2)));
  const common = (a: string, b: string): number => [...pairs(a)].filter((pair) => pairs(b).has(pair)).length;
  const [nearest] = [...figureIds].sort((a, b) => common(b, id) - common(a, id));
  throw new UsageError(
    `there is no figure '${id}'; did you mean '${nearest!}'? The figures are ${figureIds.join(', ')}, for example --only collapse`,
  );
}
