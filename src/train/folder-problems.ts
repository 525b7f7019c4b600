import { DataError } from '../errors.js';
import type { TrainRun } from './train-run.js';

/** New files of a folder while they are written, and once all of them are whole. */
export const replacing = { written: 'extension.tiny-subspace-part', whole: 'extension.tiny-subspace-whole' } as const;

/** A folder whose files are perhaps old ones, and others new. */
export const beingExtended = (folder: string): DataError =>
  new DataError(`${folder} is being extended: wait for it or, if it was killed, repeat its train command`);

/** A folder that does not say what it is. */
export const noRunFolder = (folder: string): DataError =>
  new DataError(`${folder} is no run folder: it has no manifest.json; give the --out of a train command`);

/** A run that was not measured yet. */
export const noRecords = (folder: string): DataError =>
  new DataError(`${folder} holds no records yet; wait for the first, or give the --out of another train command`);

/** Records that nothing says the end of. */
export const noCheckpoint = (path: string, lines: number): DataError =>
  new DataError(
    `${path} holds ${lines} lines, and the checkpoint they belong to is missing: restore checkpoint.safetensors, or choose another folder`,
  );

/** A file of weights that is not the one that its record names. */
export const alteredWeights = (path: string, step: number): DataError =>
  new DataError(
    `${path} was altered since it was written: its SHA-256 is not the one that the record of step ${step} names; restore it, ` +
      'or move it away: the run goes on without it, and says so',
  );

/** What is said of weights that are not there. */
export const lostWeights = (path: string): string => `${path} is missing: its record stays, and its weights are lost`;

/** What can be done about a config.json that cannot be read. */
export const configWayOut = 'it only shows the configuration of the run: remove it to go on';

/** A config.json that is not that of the run. */
export const alteredConfig = (path: string): DataError =>
  new DataError(
    `${path} was altered since the run began; ${configWayOut}, or give it as --config with another folder to run what it says`,
  );

/** The text of config.json. */
export function configText({ config }: TrainRun): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
