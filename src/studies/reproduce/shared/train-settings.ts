import type { TrainRun } from '../../../train/train-document.js';
import { hasActivation } from '../../../train/train-unused.js';

/** The settings of runs that differ by their seeds alone, as a row shows them. */
export function trainSettings(runs: readonly TrainRun[]): Record<string, unknown> {
  const { config, data, parameters, version } = runs[0]!;
  return {
    model: config.model,
    ...(hasActivation(config.model) ? { activation: config.activation } : {}),
    bias: config.bias,
    parameters,
    initialisation: config.initialisation,
    loss: config.loss,
    data: data.name,
    samples: data.samples,
    pixels: data.features > 1 ? config.data.pixels : 'none',
    randomLabels: config.data.randomLabels,
    checksums: data.origin.kind === 'files' ? data.origin.checksums : [],
    optimizer: config.optimizer,
    ...(config.groups && { groups: config.groups }),
    schedule: config.schedule,
    ...(config.warmup !== undefined && { warmup: config.warmup }),
    batch: config.batch,
    steps: config.steps,
    window: config.window,
    eigenpairs: { count: config.top + 1, tolerance: config.tolerance, accuracy: config.accuracy },
    precision: config.precision,
    seeds: runs.map((run) => run.config.seed),
    version,
  };
}
