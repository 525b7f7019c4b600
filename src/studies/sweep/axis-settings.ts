import { UsageError } from '../../errors.js';
import { wordList } from '../../registry.js';
import type { AxisGroup } from './axes.js';
import type { CommandSetting, SettingValue, SweptCommand } from './command.js';
import type { CheckedDescription } from './description.js';
import { nearestName } from './nearest-name.js';
import { variablesIn } from './variables.js';

/** What the axes of a sweep are: settings of its command, or variables that texts use. */
export interface Axes {
  readonly names: readonly string[];
  /** Where each is in the configuration; the name of a variable. */
  readonly paths: readonly string[];
  /** Those that are settings, a part of the configuration before what is in it. `index`: among the names. */
  readonly settings: readonly (CommandSetting & { readonly name: string; readonly index: number })[];
  /** What the variables stand for at a point. Throws UsageError where one has no value there. */
  readonly variablesAt: (
    values: readonly (SettingValue | undefined)[],
    seed: number | undefined,
  ) => ReadonlyMap<string, string>;
}

/**
 * What the names of the axes mean. One that texts of the base, or of a value, use in braces is a variable, whatever settings there are. Throws UsageError for a name that is neither that nor a
 * setting, for two names of the same setting, for a seed, and for braces around what is no axis.
 */
export function sweptAxes(
  command: SweptCommand,
  groups: readonly AxisGroup[],
  { base, seeds }: Pick<CheckedDescription, 'base' | 'seeds'>,
): Axes {
  const names = groups.flatMap((group) => group.names);
  if (names.includes('seed')) throw noSeedAxis();
  const used = new Set(variablesIn([base, groups.map(({ points }) => points)]));
  for (const name of used)
    if (!(names.includes(name) || (name === 'seed' && seeds !== undefined))) throw noAxis(name, names);
  const found = names.map((name) => (used.has(name) ? undefined : settingNamed(command, name)));
  const paths = found.map((setting, i) => setting?.path ?? names[i]!);
  refuseCollision(names, found);
  const variables = names.flatMap((name, index) => (used.has(name) ? [{ name, index }] : []));
  const settings = found
    .flatMap((setting, index) => (setting === undefined ? [] : [{ ...setting, name: names[index]!, index }]))
    .sort((one, other) => depth(one) - depth(other));
  return {
    names,
    paths,
    settings,
    variablesAt: (values, seed) =>
      new Map([
        ...variables.map(({ name, index }): [string, string] => [name, textOf(name, values[index])]),
        ...(used.has('seed') ? [['seed', String(seed)] as const] : []),
      ]),
  };
}

/** The setting of a command by the name of its option, with hyphens or without, or by its path. Throws UsageError, naming all there are, where there is none. */
export function settingNamed({ name: command, settings }: SweptCommand, name: string): CommandSetting {
  const setting =
    settings.get(name) ?? settings.get(name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  if (setting !== undefined) return setting;
  const nearest = nearestName(name, settings.keys());
  throw new UsageError(
    `${command} has no setting '${name}', and no text uses {${name}}; ${nearest === undefined ? '' : `did you mean ${nearest}? `}legal are ${wordList([...settings.keys()])}, or a name that a text of the base uses in braces, such as mixture:{classes},10,0.3,1000`,
  );
}

const noSeedAxis = (): UsageError => new UsageError('seeds are no axis: give "seeds", or --seeds 1..3');

const depth = ({ path }: CommandSetting): number => path.split('.').length;

function textOf(name: string, value: SettingValue | undefined): string {
  if (value !== undefined) return String(value);
  throw new UsageError(`a text uses {${name}}, and a point of the list has no ${name}: give it there`);
}

function noAxis(name: string, names: readonly string[]): UsageError {
  return new UsageError(
    `a text uses {${name}}, and there is no axis ${name}; axes are ${names.length === 0 ? 'none' : wordList(names)}`,
  );
}

function refuseCollision(names: readonly string[], settings: readonly (CommandSetting | undefined)[]): void {
  settings.forEach((setting, i) => {
    const before = settings.findIndex((other) => other !== undefined && other.path === setting?.path);
    if (setting === undefined || before === i) return;
    throw new UsageError(
      `the axes ${names[before]!} and ${names[i]!} are the same setting, ${setting.path}; leave out one`,
    );
  });
}
