import { DataError } from '../../errors.js';
import { readBytes } from '../../files/read-bytes.js';
import { firstDifference } from '../../files/same-run.js';
import { parseSafetensors } from '../../files/safetensors.js';
import type { ModelFile } from '../../models/model.js';
import { checkTrainConfig, type TrainConfig } from '../../train/train-config.js';
import { refuseAltered } from '../../train/weights-file.js';
import type { GivenMap } from '../../train/weights-map.js';

/** What a run wrote into its weights. */
export interface DescribedRun {
  readonly config: TrainConfig;
  readonly step: number;
  /** Where its data came from, as plain JSON; undefined where it did not say so. */
  readonly data: unknown;
  /** The file of its model, as plain JSON; null where the model is known by name. */
  readonly model: unknown;
}

/** The configuration, step and data that a run wrote into its weights. Throws DataError where it did not, they cannot be read, or were altered (other names apart, where a map is given). */
export function describedRun(path: string, given: GivenMap | null = null): DescribedRun {
  const bytes = readBytes(path, 'give a weights file of a run folder');
  const { metadata } = parseSafetensors(bytes, path);
  refuseAltered(path, bytes, metadata, given);
  const text = metadata.get('config');
  if (text === undefined) {
    throw new DataError(
      `${path} does not say which run it is of; weights of other programs are measured by: train --init-from ${path} --steps 0`,
    );
  }
  const json = (of: string, entry: string): unknown => {
    try {
      return JSON.parse(entry);
    } catch (cause) {
      throw new DataError(`${path} carries ${of} that is no JSON; give a weights file of a run folder`, { cause });
    }
  };
  const [data, model] = [metadata.get('data'), metadata.get('model')];
  const step = Number(metadata.get('step') ?? NaN);
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new DataError(`${path} does not say of which step it is; give a weights file of a run folder`);
  }
  return {
    config: checkTrainConfig(json('a configuration', text)),
    step,
    data: data === undefined ? undefined : json('an origin of its data', data),
    model: model === undefined ? null : json('a file of its model', model),
  };
}

/** Throws DataError where the data there are now are not those of the run, naming the first field that differs. */
export function refuseOtherData(path: string, { data }: DescribedRun, now: object): void {
  const difference = data === undefined ? undefined : firstDifference(data, JSON.parse(JSON.stringify(now)), 'data');
  if (difference === undefined) return;
  throw new DataError(`${path} was trained on other data: ${difference}; point to the data of its run`);
}

/** Throws DataError where the file of the model is no longer that of the run, naming the first field that differs. */
export function refuseOtherModel(path: string, { config, model }: DescribedRun, now: ModelFile | null): void {
  const difference = firstDifference(model, now, 'model');
  if (difference === undefined) return;
  throw new DataError(`${path} was trained with another ${config.model}: ${difference}; restore the file of its run`);
}
