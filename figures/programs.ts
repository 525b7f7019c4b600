import { UsageError } from '../src/errors.js';
import { closedFormProgram } from './closed-form.js';
import { collapseProgram } from './collapse.js';
import { collapseWindowProgram } from './collapse-window.js';
import { finiteSampleProgram } from './finite-sample.js';
import { noiseDimensionProgram } from './noise-dimension.js';
import { noiseDipProgram } from './noise-dip.js';
import { noisePhaseProgram } from './noise-phase.js';
import { noisyLevelsProgram } from './noisy-levels.js';
import { phaseDiagramProgram } from './phase-diagram.js';
import { spectrumProgram } from './spectrum.js';
import { subspaceOverlapProgram } from './subspace-overlap.js';
import { verdictFlipProgram } from './verdict-flip.js';
import { parameterNames, valuesFor, type FigureValues } from './parameters.js';
import type { FigureProgram } from './program.js';

/** The figures there are, in the order they are drawn. */
export const figurePrograms: readonly FigureProgram[] = [
  collapseProgram,
  spectrumProgram,
  closedFormProgram,
  subspaceOverlapProgram,
  phaseDiagramProgram,
  noisePhaseProgram,
  noiseDipProgram,
  noiseDimensionProgram,
  noisyLevelsProgram,
  collapseWindowProgram,
  verdictFlipProgram,
  finiteSampleProgram,
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

function unknownFigure(id: string): never {
  const pairs = (text: string): Set<string> => new Set(Array.from(text, (_, i) => text.slice(i, i + 2)));
  const common = (a: string, b: string): number => [...pairs(a)].filter((pair) => pairs(b).has(pair)).length;
  const [nearest] = [...figureIds].sort((a, b) => common(b, id) - common(a, id));
  throw new UsageError(
    `there is no figure '${id}'; did you mean '${nearest!}'? The figures are ${figureIds.join(', ')}, for example --only collapse`,
  );
}
