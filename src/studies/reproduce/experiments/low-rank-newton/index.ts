import { experiment } from '../../engine/declare.js';
import { alignedDescents } from '../../shared/aligned-descents.js';
import { alignedRuns } from '../../shared/aligned-runs.js';
import { fullDescents } from '../../shared/full-descents.js';
import { fromAligned, newtonFromAligned } from './aligned.js';
import { fromDescended, newtonRuns } from './descended.js';
import { exactDecrease } from './exact.js';

/** At equal steps no worse than gradient descent: our reading. */
const useful = { kind: 'at least', bound: 1, says: 'a usable method' } as const;

/** GRD18's proposal for a second-order method in the top space. */
export const lowRankNewton = experiment({
  id: 'low-rank-newton',
  title: 'Low-rank Newton, θ ← θ − H_top⁻¹ g_top',
  source: 'Discussion',
  data: 'mnist',
  about:
    'FC 2×100 on 5000 images, full gradient: 300 steps of gradient descent (η = 0.1), then 100 steps of each method, the top 10 eigenvectors computed anew at every step; and the same from weights at which SGD has aligned the gradient, eigenvectors anew every 5 steps. The value is the decrease of the loss in these steps over that of gradient descent. ' +
    'In the exact model without noise the gradient is an eigenvector of the top space, and the Newton step makes the loss fall by a factor e a step where gradient descent takes ever longer. ' +
    'The paper proposes the method and gives no number; "no worse than gradient descent at equal steps" is our reading of it.',
  needs: (scale) => ({
    runs: alignedRuns(scale),
    descents: alignedDescents(scale),
    newton: newtonFromAligned(scale),
    fullDescents: fullDescents(scale),
    fullNewton: newtonRuns(scale),
  }),
  claims: (claim) => [
    claim({
      id: 'low-rank-newton-aligned',
      statement: 'from the last weights of SGD, full gradients: low-rank Newton, η = 1',
      target: useful,
      uses: ['runs', 'descents', 'newton'],
      measure: fromAligned,
    }),
    claim({
      id: 'low-rank-newton-descended',
      statement: 'from gradient descent: low-rank Newton, η = 1',
      target: useful,
      uses: ['fullDescents', 'fullNewton'],
      measure: ({ fullDescents: plain, fullNewton: newton }, scale) => fromDescended(plain, newton, scale),
    }),
    claim({
      id: 'low-rank-newton-exact',
      statement: 'exact model, k = 10, from t = 30: low-rank Newton, η = 1',
      target: useful,
      uses: [],
      measure: exactDecrease,
    }),
  ],
});
