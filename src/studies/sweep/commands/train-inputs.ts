import { isDeepStrictEqual } from 'node:util';
import { DataError } from '../../../errors.js';
import { modelChecksums, sourceChecksums, weightsChecksum } from '../../../train/file-checksums.js';
import type { Inputs } from '../command.js';
import type { TrainPoint } from './train-point.js';

/** The checksums of what a run reads. Throws DataError where something is not there. */
export function trainInputs({ config, initFrom }: TrainPoint): Inputs {
  const all: Inputs = {
    data: sourceChecksums(config.data.source),
    model: modelChecksums(config.model),
    initFrom: initFrom === undefined ? [] : weightsChecksum(initFrom),
  };
  return Object.fromEntries(Object.entries(all).filter(([, sums]) => sums.length > 0));
}

/** Throws DataError where what is read here is not what was read where the run was planned. */
export function refuseOtherInputs(point: TrainPoint, planned: Inputs): void {
  const { config, initFrom = '' } = point;
  const names: Readonly<Record<string, string>> = { data: config.data.source, model: config.model, initFrom };
  const found = trainInputs(point);
  for (const what of new Set([...Object.keys(planned), ...Object.keys(found)])) {
    if (isDeepStrictEqual(planned[what], found[what])) continue;
    throw new DataError(
      `${names[what] ?? what} has other files here than where the run was planned: SHA-256 ${shown(found[what])} instead of ${shown(planned[what])}; bring the same files to every machine, or plan the sweep anew`,
    );
  }
}

const shown = (sums: readonly string[] = []): string =>
  sums.length === 0 ? 'none' : sums.map((sum) => sum.slice(0, 12)).join(', ');
