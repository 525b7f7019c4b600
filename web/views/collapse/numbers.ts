import type { DrawsDocument } from '../../../src/studies/solve/draws.js';
import type { ResponseDocument, ResponseSettings } from '../../../src/studies/solve/response.js';
import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import { solveDefaults, type SolveSettings } from '../../../src/studies/solve/solve.js';
import { commandText } from '../../core/command-text.js';
import { numberRows } from '../../core/documents.js';
import { element } from '../../core/element.js';
import { evidence, shown, shownInterval } from '../../core/numbers.js';
import { lastTime, type CollapseSettings } from './controls.js';

interface Asked<S> {
  readonly settings: S;
  readonly command: string;
}

/** The exact solution of this seed at the time chosen. */
export function singleOf({ classes, dim, delta, times, seed }: CollapseSettings): Asked<SolveSettings> {
  return {
    settings: { ...solveDefaults, classes, dim, init: { kind: 'random', scale: delta }, times: [times], seed },
    command: commandText('solve', { classes, dim, init: `random:${delta}`, times, seed }),
  };
}

/** The same over the draws. */
export function drawnOf(settings: CollapseSettings): Asked<SolveSettings & { readonly draws: number }> {
  const { draws } = settings;
  const single = singleOf(settings);
  return { settings: { ...single.settings, draws }, command: `${single.command} --draws ${draws}` };
}

/** The linear response at the time chosen; the last time says how far the window is looked for. */
export function responseOf(settings: CollapseSettings): Asked<ResponseSettings> {
  const { classes, dim, noise, delta, draws, seed, threshold } = settings;
  const times = [...new Set([settings.times, lastTime(settings)])];
  return {
    settings: { classes, dim, noise, rho: 0, delta, times, draws, seed, threshold },
    command: commandText('response', { classes, dim, noise, delta, times: times.join(','), draws, seed, threshold }),
  };
}

export function singleNumbers(document: SolveDocument, command: string): HTMLElement[] {
  const { topFraction, overlapGradientHessianGradient, loss, error, gradientNorm } = document.states[0]!;
  const at = (name: string): string => `states[0].${name}`;
  return [
    element('h2', {}, 'This seed, at the time chosen'),
    evidence(
      command,
      numberRows(
        ['f_top(k)', 'share of the squared gradient in the top k', shownInterval(topFraction, at('topFraction'))],
        [
          'overlap(g, Hg)',
          'cosine of the angle between the gradient and the Hessian times it',
          shown(overlapGradientHessianGradient, at('overlapGradientHessianGradient')),
        ],
        ['loss', 'cross-entropy', shown(loss, at('loss'))],
        ['p(wrong)', 'probability given to wrong classes', shown(error, at('error'))],
        ['‖G‖', 'length of the gradient', shown(gradientNorm, at('gradientNorm'))],
      ),
    ),
  ];
}

export function drawnNumbers(document: DrawsDocument, command: string): HTMLElement[] {
  const { topFraction, overlapGradientHessianGradient } = document.states[0]!;
  const { mean, standardError, quantiles } = topFraction.lower;
  const at = (name: string): string => `states[0].topFraction.${name}`;
  return [
    element('h2', {}, `${document.model.draws} draws of W(0), at the time chosen`),
    evidence(
      command,
      numberRows(
        ['mean', 'of f_top(k)', shown(mean, at('lower.mean'))],
        ['±', 'its standard error', shown(standardError, at('lower.standardError'), 2)],
        ['5 %', 'of the draws are below', shown(quantiles[0], at('lower.quantiles[0]'))],
        ['median', 'half of the draws are below', shown(quantiles[1], at('lower.quantiles[1]'))],
        ['95 %', 'of the draws are below', shown(quantiles[2], at('lower.quantiles[2]'))],
        [
          'overlap(g, Hg)',
          'mean over the draws',
          shown(overlapGradientHessianGradient.mean, 'states[0].overlapGradientHessianGradient.mean'),
        ],
        ['1/d', 'f_top(k) of a random direction', shown(topFraction.null, at('null'))],
      ),
    ),
  ];
}

export function responseNumbers(document: ResponseDocument, command: string): HTMLElement[] {
  const { states, window } = document;
  const [{ lower, upper, standardError, quantiles, margin }] = states as [ResponseDocument['states'][number]];
  const of = (value: number, name: string, digits?: number): HTMLElement => shown(value, `states[0].${name}`, digits);
  return [
    element('h2', {}, 'Window, and the time chosen'),
    evidence(
      command,
      numberRows(
        [
          'opens',
          `when the median of f_top(k) comes above ${window.threshold}; –: never`,
          shown(window.opens, 'window.opens'),
        ],
        ['closes', 'when it falls below again; –: not in this picture', shown(window.closes, 'window.closes')],
        ['mean', 'of f_top(k) over the draws', shownInterval({ lower, upper }, 'states[0]')],
        ['±', 'its standard error', of(standardError, 'standardError', 2)],
        ['5 %', 'of the draws are below', of(quantiles[0], 'quantiles[0]')],
        ['median', 'half of the draws are below', of(quantiles[1], 'quantiles[1]')],
        ['95 %', 'of the draws are below', of(quantiles[2], 'quantiles[2]')],
        ['α', 'margin of the symmetric flow then', of(margin, 'margin')],
      ),
    ),
  ];
}
