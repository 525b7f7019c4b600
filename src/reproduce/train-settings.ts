import type { TrainRun } from '../run/train-document.js';

/** The settings of runs that differ by their seeds alone, as a row shows them. */
export function trainSettings(runs: readonly TrainRun[]): Record<string, unknown> {
  const { config, data, parameters, version } = runs[0]!;
  return {
    model: config.model,
    activation: config.activation,
    parameters,
    initialisation: config.initialisation,
    loss: config.loss,
    data: data.name,
    samples: data.samples,
    pixels: data.features > 1 ? config.data.pixels : 'none',
    randomLabels: config.data.randomLabels,
    checksums: data.origin.kind === 'files' ? data.origin.checksums : [],
    optimizer: config.optimizer,
    schedule: config.schedule,
    batch: config.batch,
    steps: config.steps,
    window: config.window,
    precision: config.precision,
    seeds: runs.map((run) => run.config.seed),
    version,
  };
}
