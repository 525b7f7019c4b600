import { z } from 'zod';
import { correlationOf, parseCorrelation, refuseRhoWithoutNoise } from '../../solve/correlation.js';
import { responseRanges } from '../../solve/ranges.js';
import { findResponse, responseDefaults, type ResponseDocument, type ResponseSettings } from '../../solve/response.js';
import { sweptCommand } from '../command.js';
import { flatCommand, integerWithin, listWithin, numberWithin, seedSchema } from './flat-command.js';
import { numberColumns } from './number-columns.js';
import { rhoSchema } from './solve.js';

const schema = z.strictObject({
  classes: integerWithin(responseRanges.classes),
  dim: integerWithin(responseRanges.dim),
  noise: numberWithin(responseRanges.noise),
  rho: rhoSchema,
  delta: numberWithin(responseRanges.delta),
  times: listWithin(responseRanges.times),
  draws: integerWithin(responseRanges.draws),
  threshold: numberWithin(responseRanges.threshold),
  seed: seedSchema,
});

type ResponseConfig = z.infer<typeof schema>;

const settingsOf = ({ rho, ...rest }: ResponseConfig): ResponseSettings => ({
  ...rest,
  rho: typeof rho === 'number' ? rho : parseCorrelation(rho)!,
});

/** f_top(k) from a small random W(0) by linear response, a row for each time. */
export const responseSwept = sweptCommand<ResponseConfig, ResponseDocument>({
  name: 'response',
  ...flatCommand<ResponseConfig>({
    schema,
    defaults: () => ({ ...responseDefaults, times: [...responseDefaults.times] }),
    unused: () => [],
    check: (config) => {
      refuseRhoWithoutNoise(config.noise, correlationOf(settingsOf(config).rho, config.classes));
    },
  }),
  titleOf: ({ classes, dim, noise, delta }) => `response ${classes} ${dim} ${noise} ${delta}`,
  estimate: ({ draws, times }) => Promise.resolve({ seconds: 0.5 + 1e-6 * draws * (161 + times.length), memory: 0 }),
  work: {
    name: 'response',
    revision: 1,
    keepsFolder: false,
    run: ({ config }) => Promise.resolve(findResponse(settingsOf(config))),
  },
  by: ['time'],
  shown: ['margin', 'topFraction', 'topFraction.standardError'],
  columns: () =>
    numberColumns({
      time: 'flow time',
      margin: 'of the symmetric path',
      'topFraction.lower': 'mean f_top(k) over W(0): of the lower end',
      'topFraction.upper': 'mean f_top(k) over W(0): of the upper end',
      'topFraction.standardError': 'of the mean over the draws',
      'topFraction.q05': 'f_top(k), lower end: 5 % quantile over the draws',
      'topFraction.q50': 'f_top(k), lower end: median over the draws',
      'topFraction.q95': 'f_top(k), lower end: 95 % quantile over the draws',
      opens: 'when the median exceeds the threshold; none where it does not',
      closes: 'when it falls below again; none where it does not before the last time',
    }),
  rows: ({ states, window: { opens, closes } }) =>
    states.map(({ time, margin, lower, upper, standardError, quantiles }) => ({
      time,
      margin,
      'topFraction.lower': lower,
      'topFraction.upper': upper,
      'topFraction.standardError': standardError,
      'topFraction.q05': quantiles[0],
      'topFraction.q50': quantiles[1],
      'topFraction.q95': quantiles[2],
      opens,
      closes,
    })),
});
