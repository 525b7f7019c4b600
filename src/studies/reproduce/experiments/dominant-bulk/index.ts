import { dominantBulkData, dominantBulkFigure } from '../../../../../figures/dominant-bulk.js';
import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';
import { exactShare, exactStatement, exactTasks, noisy, quiet } from './exact.js';
import { fall, runsOf, switchOf, triosOf, type Trio } from './trios.js';

/** The decrease along a part over that of SGD, from the switch on. */
const relativeFall =
  (part: 'dominant' | 'bulk') =>
  (trio: Trio): number => {
    const since = switchOf(trio)!;
    return fall(trio, trio[part], since) / fall(trio, trio.sgd, since);
  };

/** Mean f_top(10) of SGD from the switch on. */
function topFractionAfter(trio: Trio): number {
  const since = switchOf(trio)!;
  return meanOfValues(
    trio.sgd.records.filter(({ step }) => step >= since).map((record) => knownTopFraction(record).middle),
  );
}

/**
 * overlap(V, V′) of the top 10 at neighbouring records after the switch, where it is known: how far the eigenvectors that are followed may be
 * out of date.
 */
function turning(trios: readonly Trio[], part: keyof Trio): number | string {
  const overlaps = trios.flatMap((trio) =>
    trio[part].records.flatMap(({ step, subspaceOverlap }) => {
      if (subspaceOverlap === null || step <= switchOf(trio)!) return [];
      const { lower, upper } = subspaceOverlap.top;
      return upper - lower < 0.01 ? [(lower + upper) / 2] : [];
    }),
  );
  return overlaps.length === 0 ? 'not known' : meanOfValues(overlaps);
}

/** Where gradients lie, and where the loss falls. */
function verdictOf(topFraction: number, inside: number, outside: number): string {
  const happens = `SGD ${topFraction > 0.8 ? 'happens in the subspace' : 'does not happen in the subspace'}`;
  if (inside < 0.5 && outside > 0.5) return `${happens}, and does not learn in it but in the rest`;
  if (inside > 0.5 && outside > 0.5) return `${happens}, and each part alone learns`;
  if (inside > 0.5) return `${happens}, and learns in it`;
  return `${happens}, and neither part alone learns as SGD does`;
}

/** What the runs say together. */
function conclusion(found: readonly Trio[]): string {
  const over = (of: (trio: Trio) => number): number => meanOfValues(found.map(of));
  const [top, inside, outside] = [over(topFractionAfter), over(relativeFall('dominant')), over(relativeFall('bulk'))];
  return `${verdictOf(top, inside, outside)}: f_top(10) is ${top.toFixed(2)} after the switch, Dom-SGD makes ${inside.toFixed(2)} of SGD's further decrease, Bulk-SGD ${outside.toFixed(2)}`;
}

/** A value of each trio that came to the switch; `concludes` in one of the rows, for all of them. */
const measured =
  (value: (trio: Trio) => number, concludes = false) =>
  (runs: Parameters<typeof triosOf>[0]): Measurement => {
    const all = triosOf(runs);
    const found = all.filter((trio) => switchOf(trio) !== null);
    const settings = { ...trainSettings(all.map(({ sgd }) => sgd.run)), follow: all[0]!.dominant.run.config.follow };
    const missing = `the moving average of χ did not reach the threshold in ${all.length - found.length} of ${all.length} runs`;
    if (found.length === 0) return { values: [], reason: missing, settings };
    return {
      values: found.map(value),
      beside: {
        'switch at step': all.map((trio) => switchOf(trio) ?? 'never').join(', '),
        'loss: SGD': meanOfValues(found.map(({ sgd }) => sgd.summary.finalLoss)),
        'Dom-SGD': meanOfValues(found.map(({ dominant }) => dominant.summary.finalLoss)),
        'Bulk-SGD': meanOfValues(found.map(({ bulk }) => bulk.summary.finalLoss)),
        'overlap of top spaces between records: SGD': turning(found, 'sgd'),
        'in Dom-SGD': turning(found, 'dominant'),
        'in Bulk-SGD': turning(found, 'bulk'),
      },
      ...(concludes && { reason: conclusion(found) + (found.length < all.length ? `; ${missing}` : '') }),
      settings,
    };
  };

const uses = ['sgd', 'dominant', 'bulk'] as const;

/** Song, Ahn & Yun: does SGD really happen in tiny subspaces? */
export const dominantBulk = experiment({
  id: 'dominant-bulk',
  title: 'Happens in the subspace, or learns in it? Dom-SGD and Bulk-SGD',
  source: 'Song, Ahn & Yun 2024, arXiv:2405.16002, Section 3',
  data: 'mnist',
  about:
    'MLP of three layers, tanh, width 200, on the first 5000 images (standardised pixels), squared error, batch 50, η = 0.01. From the step on at which the moving average (factor 0.9) of χ₁₀ = ‖P₁₀ g‖/‖g‖ of the full gradient exceeds 0.95, Dom-SGD follows the part of the batch gradient in the top 10 eigenvectors alone, Bulk-SGD the rest. ' +
    'Values: the decrease of the full training loss after the switch over that of SGD with the same batches (the last three records averaged). Cut for time: 8000 steps instead of 20,000, eigenvectors renewed, and χ averaged, every 100 steps from step 4000 on (the paper does not say how often; χ swings by 0.1 from step to step, and its mean comes near 0.95 at about that step). Bounds are ours.',
  needs: (scale) => ({
    sgd: runsOf('gradient', scale),
    dominant: runsOf('dominant', scale),
    bulk: runsOf('bulk', scale),
    quiet: exactTasks(quiet),
    noisy: exactTasks(noisy),
  }),
  claims: (claim) => [
    claim({
      id: 'dominant-bulk-happens',
      statement: 'f_top(10) of SGD, mean after the switch',
      target: { kind: 'at least', bound: 0.8, says: 'gradients align' },
      uses,
      measure: measured(topFractionAfter),
    }),
    claim({
      id: 'dominant-bulk-dominant',
      statement: 'Dom-SGD: further decrease over that of SGD',
      target: { kind: 'at most', bound: 0.2, says: 'stalls' },
      uses,
      measure: measured(relativeFall('dominant'), true),
    }),
    claim({
      id: 'dominant-bulk-bulk',
      statement: 'Bulk-SGD: further decrease over that of SGD',
      target: { kind: 'at least', bound: 0.8, says: 'as effective as SGD' },
      uses,
      measure: measured(relativeFall('bulk')),
    }),
    claim({
      id: 'dominant-bulk-exact-quiet',
      statement: exactStatement(quiet),
      target: { kind: 'none' },
      uses: ['quiet'],
      measure: (found) => exactShare(quiet)(found.quiet),
    }),
    claim({
      id: 'dominant-bulk-exact-noisy',
      statement: exactStatement(noisy),
      target: { kind: 'none' },
      uses: ['noisy'],
      measure: (found) => exactShare(noisy)(found.noisy),
    }),
  ],
  figures: (figure) => [figure({ id: 'dominant-bulk', uses, data: dominantBulkData, draw: dominantBulkFigure })],
});
