import { UsageError } from '../../../errors.js';
import { isObject } from '../../../files/json-object.js';
import { withConfigParts } from '../../../train/config-parts.js';
import { checkTrainConfig, trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import { checkRunLength } from '../../../train/run-length.js';
import { refuseUnusedSettings } from '../../../train/train-unused.js';
import type { ChosenSetting } from '../command.js';
import { withSettings } from './setting-at.js';
import { trainOptionSettings } from './train-settings.js';

/** One run of `train`: its configuration, and the file of first weights, which has no part in that. */
export interface TrainPoint {
  readonly config: TrainConfig;
  readonly initFrom?: string;
  readonly initMap?: Readonly<Record<string, string>>;
}

/**
 * The run that a base and settings on top of it mean. Entries of the base are parts of the configuration, or settings by their options. What is said nowhere is as `train` has it by default, but
 * only the last weights are kept, and the plain backend is given the one precision that it has. Throws UsageError, naming path, value and legal range, and for a setting that would change nothing.
 */
export function trainPoint(base: Readonly<Record<string, unknown>>, settings: readonly ChosenSetting[]): TrainPoint {
  const isPart = ([name, value]: [string, unknown]): boolean => isObject(value) || !trainOptionSettings.has(name);
  const entries = Object.entries(base).filter(([name]) => name !== '$schema'); // that is for editors
  const parts = Object.fromEntries(entries.filter(isPart));
  const chosen = [
    ...entries
      .filter((entry) => !isPart(entry))
      .map(([name, value]) => ({ name, ...trainOptionSettings.get(name)!, value: value as ChosenSetting['value'] })),
    ...settings,
  ];
  const says = (path: string): unknown => chosen.findLast((setting) => setting.path === path)?.value ?? parts[path];
  const model = says('model') ?? trainDefaults.model;
  const first = {
    ...withConfigParts(typeof model === 'string' ? model : trainDefaults.model, { keepWeights: 'last', ...parts }),
    ...(says('backend') === 'plain' && says('precision') === undefined ? { precision: 'f64' } : {}),
  };
  const { initFrom, initMap, ...all } = withSettings(first, chosen) as Record<string, unknown>;
  const config = checkTrainConfig(all);
  refuseUnusedSettings(config);
  checkRunLength(config);
  return { config, ...firstWeights(initFrom, initMap, says('initialisation')) };
}

function firstWeights(from: unknown, map: unknown, initialisation: unknown): Omit<TrainPoint, 'config'> {
  if (from === undefined || from === null) {
    if (map === undefined || map === null) return {};
    throw new UsageError('initMap is about the file of initFrom: leave it out, or give one');
  }
  if (typeof from !== 'string')
    throw new UsageError(`initFrom must be the path of a safetensors file, received ${JSON.stringify(from)}`);
  if (initialisation !== undefined) {
    throw new UsageError('the first weights come from initFrom: leave out init, which would change nothing');
  }
  if (map === undefined || map === null) return { initFrom: from };
  if (!isObject(map) || !Object.values(map).every((name) => typeof name === 'string')) {
    throw new UsageError(`initMap must be {"TENSOR": "PARAMETER", …}, received ${JSON.stringify(map).slice(0, 80)}`);
  }
  return { initFrom: from, initMap: map as Record<string, string> };
}
