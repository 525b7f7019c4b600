import { UsageError } from '../errors.js';
import type { SpectrumOptions } from '../studies/spectrum/spectrum.js';
import { subsetSpectra, type SubsetDocument } from '../studies/spectrum/subset-spectra.js';
import type { Runtime } from '../tensor/engine/index.js';
import { printNotice } from './messages.js';
import { short } from '../numeric/short-number.js';
import { printJson, printLine, printTable } from './output.js';
import { startProgress } from './progress.js';

/** Spectra of subsets, with a progress bar. Throws UsageError where nothing says how many samples each has. */
export async function subsetSpectraOf(
  { samples }: { readonly samples?: number },
  subsets: number,
  options: SpectrumOptions,
  { runtime, signal }: { readonly runtime: Runtime | undefined; readonly signal: AbortSignal },
): Promise<SubsetDocument> {
  if (samples === undefined) throw new UsageError('--subsets needs --samples, how many each of them has');
  const bar = startProgress('subsets', subsets);
  let done = 0;
  try {
    return await subsetSpectra(
      {
        ...options,
        ...{ subsets, samples, signal },
        onProgress: (part) => {
          bar.update(++done, part);
        },
      },
      runtime,
    );
  } finally {
    bar.stop();
  }
}

/** Means with their standard errors, and what they are means of. */
export function printSubsetSpectra(document: SubsetDocument, json: boolean): void {
  for (const note of document.modelNotes ?? []) printNotice(note);
  if (json) {
    printJson(document);
    return;
  }
  const { config, curvature, dimension, subspace: m, samples, subsets, noiseShare } = document;
  const {
    eigenvalues,
    topFraction,
    overlapGradientHessianGradient: overlap,
    trace,
    gradientNorm,
    loss,
  } = document.means;
  printLine(
    `${curvature} of ${config.model} on ${subsets.length} disjoint random subsets of ${samples.each} of ${samples.all} samples of ${config.data.source}: ` +
      `dimension ${dimension}, loss ${shown(loss)}`,
  );
  printLine();
  printTable(
    ['rank', 'mean eigenvalue', 'standard error'],
    eigenvalues.map(({ value, standardError }, i) => [String(i + 1), short(value), short(standardError, 2)]),
  );
  printLine();
  printLine(
    `f_top(${m}): ${shown(topFraction)}, overlap(g,Hg): ${shown(overlap)}, ‖g‖: ${shown(gradientNorm)}` +
      (trace === null ? '' : `, trace: ${shown(trace)}`),
  );
  printLine(
    'The largest eigenvalue of a subset is larger in the mean than that of all samples (λ_max is convex: E λ₁(H_S) ≥ λ₁(E H_S)), and so are sums of the largest; the trace is not biased.',
  );
  printLine(
    `Of ‖g‖² of a subset ${short(100 * noiseShare, 3)} % is sampling noise: f_top and overlap are those of the gradient with that noise, and tend to those of all samples as subsets grow.`,
  );
}

function shown(mean: SubsetDocument['means']['topFraction']): string {
  return mean === null ? 'undefined' : `${short(mean.value, 4)} ± ${short(mean.standardError, 2)}`;
}
