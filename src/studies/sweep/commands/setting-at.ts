import { isObject } from '../../../files/json-object.js';
import type { Cell } from '../table.js';
import type { ChosenSetting } from '../command.js';

type Config = Readonly<Record<string, unknown>>;

/** The configuration with the settings in their places, one after the other; what is passed in stays as it is. */
export function withSettings(config: Config, settings: readonly ChosenSetting[]): Config {
  return settings.reduce(
    (before, { path, read, value }) =>
      withValue(before, path.split('.'), read === undefined ? value : read(value, before)),
    config,
  );
}

function withValue(config: Config, [key, ...rest]: readonly string[], value: unknown): Config {
  const inner = config[key!];
  return { ...config, [key!]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value) };
}

/** What is at a path, as an entry of a table: a list is its text, of a rule its name; null where there is nothing. */
export function cellAt(config: object, path: string): Cell {
  const found = path.split('.').reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), config);
  if (Array.isArray(found)) return found.join(',');
  if (isObject(found)) return typeof found.kind === 'string' ? found.kind : null;
  return (found ?? null) as Cell;
}
