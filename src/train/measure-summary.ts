import { isDeepStrictEqual } from 'node:util';
import { mnist } from '../data/mnist.js';
import { mnistDefaults } from './measure-config.js';
import type { MeasureDocument, MeasureRecord, MeasureRun, MeasureSummary } from './measure-document.js';
import { overlapWindow } from './overlap-window.js';

/** overlap(g, Hg) that GRD18 reports for softmax regression on MNIST (Table 1). */
export const PAPER_OVERLAP_MNIST = 0.96;

export function summarise(
  run: MeasureRun,
  records: readonly MeasureRecord[],
  window: MeasureDocument['window'],
): MeasureSummary {
  const last = records.at(-1)!;
  return {
    finalTopFraction: last.topFraction,
    finalLoss: last.loss,
    finalAccuracy: last.accuracy,
    overlapWindow: overlapWindow(window),
    paper: isThePapers(run, window.length) ? PAPER_OVERLAP_MNIST : null,
    hessianVectorProducts: records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) + window.length,
  };
}

/**
 * Is this the case of Table 1: all images of MNIST itself, batch 64, η = 0.1, at least three epochs, and the mean over the last 1000 steps,
 * of all the values it is taken from? The paper does not say how pixels are scaled, nor whether there are biases.
 */
function isThePapers({ config, data }: MeasureRun, values: number): boolean {
  const { batch, learningRate, steps, window } = config;
  const paper = mnistDefaults;
  const images = 60_000;
  return (
    isDeepStrictEqual(data.checksums, mnist.checksums.train) &&
    config.data.samples === images &&
    batch === paper.batch &&
    learningRate === paper.learningRate &&
    steps >= paper.steps &&
    window.length === paper.window.length &&
    values === Math.ceil(window.length / window.every)
  );
}
