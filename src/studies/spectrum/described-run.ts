import { readFileSync } from 'node:fs';
import { DataError } from '../../errors.js';
import { parseSafetensors } from '../../files/safetensors.js';
import { checkTrainConfig, type TrainConfig } from '../../train/train-config.js';

/** The configuration and step that a run wrote into its weights. Throws DataError where it did not, or they cannot be read. */
export function describedRun(path: string): { readonly config: TrainConfig; readonly step: number } {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new DataError(`${path} could not be read: ${(cause as Error).message}; give a weights file of a run folder`, {
      cause,
    });
  }
  const { metadata } = parseSafetensors(bytes, path);
  const text = metadata.get('config');
  if (text === undefined) {
    throw new DataError(
      `${path} does not say which run it is of; weights of other programs are measured by: train --init-from ${path} --steps 0`,
    );
  }
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${path} carries a configuration that is no JSON; give a weights file of a run folder`, {
      cause,
    });
  }
  return { config: checkTrainConfig(config), step: Number(metadata.get('step')) };
}
