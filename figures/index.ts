/**
 * The figures as functions: from parameters or records to a `Figure`, a value with its caption and the data it draws, and from there
 * to PNG, SVG, PDF and CSV. Rendering needs the optional packages @napi-rs/canvas, chart.js, chartjs-chart-matrix and dejavu-fonts-ttf; everything else does not.
 *
 * ```ts
 * const figure = phaseDiagramFigure({ classes: 5 });
 * const { png, pdf } = await render(figure, { pdf: true });
 * ```
 */
export { csvOf, type DrawnPoint, type Figure, type FigureChart, type Series } from './figure.js';
export { render, type Rendered, type RenderOptions } from './render.js';
export { writeFigure, type WrittenFigure } from './write-figure.js';

export { collapseFigure } from './collapse.js';
export { spectrumFigure } from './spectrum.js';
export { closedFormFigure } from './closed-form.js';
export { subspaceOverlapFigure } from './subspace-overlap.js';
export { phaseDiagramFigure } from './phase-diagram.js';
export { noiseDimensionFigure } from './noise-dimension.js';
export { noiseDipFigure } from './noise-dip.js';
export { noisePhaseFigure } from './noise-phase.js';
export { noisyLevelsFigure } from './noisy-levels.js';
export { collapseWindowFigure } from './collapse-window.js';
export { verdictFlipFigure } from './verdict-flip.js';
export { finiteSampleFigure } from './finite-sample.js';
export { modelNoiseFigure } from './model-noise.js';
export { noisyVerdictFigure } from './noisy-verdict.js';

export { networkFigure } from './network.js';
export { networkData, type NetworkData, type NetworkRecord, type TrainingFacts } from './network-data.js';
export { recordsFigure } from './records.js';
export { fromModelToNetworkFigure } from './from-model-to-network.js';
export { overlapMapsFigure, type OverlapMaps, type OverlapMapsData } from './overlap-maps.js';
export { linearDecreaseFigure, type LinearDecreaseData, type PartialDecrease } from './linear-decrease.js';
export {
  gradientRecurrenceFigure,
  recurrenceCurves,
  type Recurrence,
  type RecurrenceCurves,
} from './gradient-recurrence.js';
export { grokkingData, grokkingFigure, type GrokkingData, type GrokkingRecord } from './grokking.js';
export { dominantBulkData, dominantBulkFigure, type DominantBulk, type DominantBulkData } from './dominant-bulk.js';
export { sweepFigure } from './sweep-figure.js';
export { type SweepFigureOptions } from './sweep-options.js';
export { type ErrorKind } from '../src/studies/sweep/plot/index.js';
export { outliersFigure, type OutlierCase, type OutliersData } from './outliers.js';
export { spectralLensFigure, type SpectralLensData } from './spectral-lens.js';

export { drawFigures, drawLadder, drawRun, type DrawOptions, type FigureProgress } from './draw-figures.js';
export { figureParameters, type FigureParameter, type FigureValues } from './parameters.js';
export type { FigureProgram } from './program.js';
export { figureIds, figureProgram } from './programs.js';
