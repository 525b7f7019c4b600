import { z } from 'zod';
import { boundaryDefaults, findBoundary, type BoundaryDocument, type BoundarySettings } from '../../solve/boundary.js';
import { correlationOf, parseCorrelation } from '../../solve/correlation.js';
import { boundaryRanges } from '../../solve/ranges.js';
import { sweptCommand } from '../command.js';
import { flatCommand, integerWithin, numberWithin } from './flat-command.js';
import { numberColumns } from './number-columns.js';
import { rhoSchema } from './solve.js';

const schema = z.strictObject({
  classes: integerWithin(boundaryRanges.classes),
  noise: numberWithin(boundaryRanges.noise),
  rho: rhoSchema,
});

type BoundaryConfig = z.infer<typeof schema>;

const settingsOf = ({ rho, ...rest }: BoundaryConfig): BoundarySettings => ({
  ...rest,
  rho: typeof rho === 'number' ? rho : parseCorrelation(rho)!,
});

/** Where the gradient leaves the top-k eigenspace, in one row: the first crossing. */
export const boundarySwept = sweptCommand<BoundaryConfig, BoundaryDocument>({
  name: 'boundary',
  ...flatCommand<BoundaryConfig>({
    schema,
    defaults: () => boundaryDefaults,
    unused: () => [],
    check: ({ classes, ...rest }) => correlationOf(settingsOf({ classes, ...rest }).rho, classes),
  }),
  titleOf: ({ classes, noise }) => `boundary ${classes} ${noise}`,
  estimate: () => Promise.resolve({ seconds: 0.5, memory: 0 }),
  work: {
    name: 'boundary',
    revision: 1,
    keepsFolder: false,
    run: ({ config }) => Promise.resolve(findBoundary(settingsOf(config))),
  },
  by: [],
  shown: ['marginCritical', 'errorBar', 'relativeMargin', 'timeCritical', 'crossedBy'],
  columns: () => [
    ...numberColumns({
      marginCritical: 'the margin up to which f_top(k) = 1',
      relativeMargin: 'that over the Bayes-optimal margin 1/σ²',
      timeCritical: 'when the flow from W(0) = 0 gets there; none where it takes longer than 1e300',
      smallNoiseLaw: 'the relative margin for vanishing noise',
      errorBar: 'bound on the error of marginCritical',
    }),
    { name: 'crossedBy', type: 'string', meaning: 'the sector whose level crosses that of the gradient' },
  ],
  rows: ({ marginCritical, relativeMargin, timeCritical, smallNoiseLaw, errorBar, crossedBy }) => [
    { marginCritical, relativeMargin, timeCritical, smallNoiseLaw, errorBar, crossedBy },
  ],
});
