import { sectorName } from '../../../src/exact/noisy/index.js';
import { solveDefaults, type SolveSettings } from '../../../src/studies/solve/solve.js';
import type { BoundaryDocument } from '../../../src/studies/solve/boundary.js';
import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import { commandText } from '../../core/command-text.js';
import { numberRows } from '../../core/documents.js';
import { element } from '../../core/element.js';
import { evidence, shown, shownInterval } from '../../core/numbers.js';
import { marginOf, type WhereSettings } from './controls.js';

/** What is solved at the point chosen, and the command that solves it. `time`: at a time of the flow, with the noise of SGD. */
export function solvedAt(settings: WhereSettings, time?: number): { settings: SolveSettings; command: string } {
  const { classes, dim, noise, rho, 'eta-over-b': etaOverB } = settings;
  const margin = marginOf(settings);
  const correlation = rho === 0 ? undefined : rho;
  const model = { ...solveDefaults, classes, dim, noise, rho };
  return time === undefined
    ? {
        settings: { ...model, margin: [margin] },
        command: commandText('solve', { classes, dim, noise, rho: correlation, margin }),
      }
    : {
        settings: { ...model, times: [time], etaOverB },
        command: commandText('solve', { classes, dim, noise, rho: correlation, times: time, 'eta-over-b': etaOverB }),
      };
}

export function solvedNumbers(document: SolveDocument, command: string): HTMLElement[] {
  const { topFraction, overlapGradientHessianGradient, margin, time, loss, error } = document.states[0]!;
  const at = (name: string): string => `states[0].${name}`;
  return [
    element('h2', {}, 'At the point'),
    evidence(
      command,
      numberRows(
        [
          'f_top(k)',
          'share of the squared gradient in the top k, of gradient flow',
          shownInterval(topFraction, at('topFraction')),
        ],
        [
          'overlap(g, Hg)',
          'cosine of the angle between the gradient and the Hessian times it',
          shown(overlapGradientHessianGradient, at('overlapGradientHessianGradient')),
        ],
        ['α', 'margin', shown(margin, at('margin'))],
        ['t', 'learning rate × steps to here from W = 0; – is later than 10³⁰⁰', shown(time, at('time'))],
        ['loss', 'cross-entropy', shown(loss, at('loss'))],
        ['p(wrong)', 'probability given to wrong classes', shown(error, at('error'))],
      ),
    ),
  ];
}

export function boundaryNumbers(document: BoundaryDocument, command: string): HTMLElement[] {
  const { crossedBy, later, marginCritical, relativeMargin, smallNoiseLaw, timeCritical } = document;
  return [
    element('h2', {}, 'The edge at this noise'),
    evidence(
      command,
      numberRows(
        [
          'α_c/α*',
          `where the claim ends: the ${sectorName(crossedBy)} level overtakes`,
          shown(relativeMargin, 'relativeMargin'),
        ],
        ['law', 'the same for vanishing noise', shown(smallNoiseLaw, 'smallNoiseLaw')],
        ['α_c', 'margin there', shown(marginCritical, 'marginCritical')],
        ['t_c', 'when the flow is there; – is later than 10³⁰⁰', shown(timeCritical, 'timeCritical')],
        ...later.map(
          (crossing, i) =>
            [
              'then',
              `the ${sectorName(crossing.sector)} level overtakes${crossing.relativeMargin > 1 ? ', beyond the best margin: never' : ''}`,
              shown(crossing.relativeMargin, `later[${i}].relativeMargin`),
            ] as const,
        ),
      ),
    ),
  ];
}

export function sgdNumbers(document: SolveDocument, command: string): HTMLElement[] {
  const { noise } = document.states[0]!;
  const { topFraction, overlap, overlapSpread, gradientEnergy, secondOrder } = noise!;
  const at = (name: string): string => `states[0].noise.${name}`;
  return [
    element('h2', {}, 'With the noise of SGD'),
    evidence(
      command,
      numberRows(
        ['f_top(k)', 'of flow and noise together', shownInterval(topFraction, at('topFraction'))],
        [
          'of the noise alone',
          'once it has relaxed',
          shownInterval(topFraction.stationary, at('topFraction.stationary')),
        ],
        ['overlap(g, Hg)', 'mean over the noise', shown(overlap, at('overlap'))],
        ['±', 'its spread', shown(overlapSpread, at('overlapSpread'))],
        ['‖G‖²', 'squared gradient of the flow', shown(gradientEnergy.flow, at('gradientEnergy.flow'))],
        ['noise', 'what SGD adds to it', shown(gradientEnergy.noise, at('gradientEnergy.noise'))],
        ['second order', 'relative size of what is left out', shown(secondOrder, at('secondOrder'))],
      ),
    ),
  ];
}
