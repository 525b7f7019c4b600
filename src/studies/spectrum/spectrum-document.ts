import type { Curvature } from '../../loss/objective.js';
import type { ModelFile } from '../../models/model.js';
import type { Estimate } from '../../numeric/statistics/confidence-interval.js';
import type { DensityCurve } from '../../numeric/traces/density-curve.js';
import type { TopFraction } from '../../observe/top-fraction.js';
import type { NoiseRecord } from '../../train/observables/noise-null.js';
import type { TrainConfig } from '../../train/train-config.js';
import type { GivenMap } from '../../train/weights-map.js';

/** Which spectrum, of which weights, and how many products may be spent on it. */
export interface SpectrumOptions {
  /** A safetensors file that a run wrote, with its configuration; or, instead of it, */
  readonly checkpoint?: string;
  /** a network on its data, with the first weights that its configuration means, */
  readonly config?: TrainConfig;
  /** or with those of a safetensors file. */
  readonly initFrom?: string;
  /** Which tensors or layers of that file are which, where they were renamed. */
  readonly initMap?: GivenMap;
  readonly curvature: Curvature;
  /** Blocks of the curvature: layers by name; empty for the whole. */
  readonly layers: readonly string[];
  /** Diagonal blocks whose spectra are wanted too: patterns of their parameters, separated by commas, or `each` for every parameter, `layers` for every layer. */
  readonly blocks?: readonly string[];
  /** m of f_top(m); that of the run if left out, or the number of classes. */
  readonly subspace?: number;
  readonly top: number;
  readonly bottom: number;
  readonly tolerance: number;
  /** Vectors of a search for eigenpairs at most; left out, as many as it wants. */
  readonly basis?: number;
  /** Products spent on the density and on the trace; 0 for none. */
  readonly densityProducts: number;
  readonly traceProducts: number;
  /** Papyan's split of the Gauss–Newton matrix, k² gradients. */
  readonly split: boolean;
  /** Random probes for what SGD's noise alone has of f_top(m) and overlap(g, Hg), m that of the run; left out for none. Of the whole Hessian only. */
  readonly noiseNull?: number;
  readonly seed: number;
  /** Stops it: the promise then rejects with the signal's reason, within seconds. */
  readonly signal?: AbortSignal;
  /** Called with the name of each part that is done. */
  readonly onProgress?: (done: string) => void;
}

export interface Pairs {
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  readonly errors: readonly number[];
}

/** The gradient of the parameters that the curvature is taken of, beside its eigenvectors, as the records of a run have it. */
export interface GradientAtWeights {
  readonly gradientNorm: number;
  /** m. */
  readonly subspace: number;
  /** f_top(m) over all choices of m top eigenvectors, for the eigenvectors as they were found; null where the gradient is zero, or the basis has no room for m + 1 pairs. */
  readonly topFraction: TopFraction | null;
  /** Where f_top(m) lies, residuals and rounding allowed for, and its value for the vectors found; null where m is all of the spectrum, or the gradient zero. */
  readonly topFractionBounds: { readonly lower: number; readonly upper: number; readonly estimate: number } | null;
  /** overlap(g, Hg); null where g or H g is zero. */
  readonly overlapGradientHessianGradient: number | null;
}

/** The spectrum of one diagonal block, and its part of the gradient beside it. */
export interface BlockSpectrum extends GradientAtWeights {
  /** The patterns of its parameters. */
  readonly name: string;
  readonly parameters: readonly string[];
  readonly dimension: number;
  /** ‖g_b‖²/‖g‖²; null where g is zero. */
  readonly gradientShare: number | null;
  readonly top: Pairs;
  /** As the trace of the whole; null where that was not asked for. */
  readonly trace: Estimate | null;
  /** Its share of the trace: of the sum over the blocks where they are all of θ, each parameter once, else of the trace of the whole; null without. */
  readonly traceShare: number | null;
}

/** The gradient at saved weights beside the noise of the run. */
export interface NoiseAtWeights {
  /** m. */
  readonly subspace: number;
  /** f_top(m) over all choices of m top eigenvectors, for the eigenvectors as they were found. */
  readonly topFraction: { readonly lower: number; readonly upper: number };
  /** overlap(g, Hg). */
  readonly overlap: number;
  readonly noiseNull: NoiseRecord;
}

/** The document of `spectrum --json`. */
export interface SpectrumDocument extends GradientAtWeights {
  /** Null where no run wrote the weights. */
  readonly checkpoint: string | null;
  /** What was said of its names. */
  readonly initMap: GivenMap | null;
  /** SHA-256 of the file that the weights came from, where that is no checkpoint. */
  readonly initialWeights?: string;
  readonly step: number;
  readonly config: TrainConfig;
  /** The file of the model, and what is to be known of how it was read; left out where the model is known by name. */
  readonly model?: ModelFile;
  readonly modelNotes?: readonly string[];
  readonly curvature: Curvature;
  readonly layers: readonly string[];
  /** Parameters the operator acts on; inputs that are always zero left out. */
  readonly dimension: number;
  readonly loss: number;
  /** Null for a regression. */
  readonly accuracy: number | null;
  readonly top: Pairs;
  readonly bottom: Pairs | null;
  /** The share of eigenvalues per unit of λ, smeared by a Gaussian of `width`, with its standard error over probes and the 95 % interval. */
  readonly density: DensityCurve | null;
  readonly trace: Estimate | null;
  readonly split: { readonly between: readonly number[]; readonly cross: readonly number[] } | null;
  /** The diagonal blocks that were asked for, m of f_top(m) that of the whole; left out where there are none. */
  readonly blocks?: readonly BlockSpectrum[];
  /** f_top(m) and overlap(g, Hg) there, and what the noise of the run alone has of them, as records have it; left out where it was not asked for. */
  readonly noise?: NoiseAtWeights;
  readonly products: number;
}
