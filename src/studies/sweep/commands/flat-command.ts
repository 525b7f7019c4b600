import { z } from 'zod';
import { UsageError } from '../../../errors.js';
import { checkConfig } from '../../../train/check-config.js';
import type { ChosenSetting, CommandDefinition, CommandSetting, SettingValue } from '../command.js';
import { cellAt } from './setting-at.js';

/** Least and most of a number. */
type Range = readonly [low: number, high: number];

export const integerWithin = ([low, high]: Range): z.ZodNumber => z.int().min(low).max(high);
export const numberWithin = ([low, high]: Range): z.ZodNumber => z.number().min(low).max(high);
export const listWithin = (range: Range): z.ZodArray<z.ZodNumber> => z.array(numberWithin(range)).min(1);
export const seedSchema = z.int().min(0);

/** A text that a parser understands. */
export const textOf = (parse: (text: string) => unknown, wanted: string): z.ZodString =>
  z.string().refine((text) => parse(text) !== undefined, `it must be ${wanted}`);

/** Settings that would change nothing, and why. */
interface UnusedRule {
  readonly when: boolean;
  readonly options: readonly string[];
  readonly why: string;
}

/** A command whose configuration is a flat list of settings, each by the name of its option. */
interface FlatCommand<C extends object> {
  readonly schema: z.ZodObject;
  /** With these settings given. */
  readonly defaults: (given: ReadonlySet<string>) => C;
  readonly unused: (config: C) => readonly UnusedRule[];
  /** Throws UsageError for what the schema cannot say. */
  readonly check: (config: C) => void;
}

type Definition = 'settings' | 'baseSchema' | 'configOf' | 'cellOf' | 'inputsOf';

/** What all such commands do alike. They read no files. */
export function flatCommand<C extends object>({
  schema,
  defaults,
  unused,
  check,
}: FlatCommand<C>): Pick<CommandDefinition<C, never>, Definition> {
  const settings = new Map(
    Object.entries(schema.shape).map(([name, part]): [string, CommandSetting] => [
      name,
      { path: name, ...(isList(part as z.ZodType) && { read: numbersOf }) },
    ]),
  );
  return {
    settings,
    baseSchema: () => z.toJSONSchema(schema.partial()),
    configOf(base, chosen) {
      const all = [...Object.entries(base).filter(([name]) => name !== '$schema'), ...chosen.map(pairOf)];
      const given = new Map(
        all.map(([name, value]) => [name, settings.get(name)?.read?.(value as SettingValue, {}) ?? value]),
      );
      const config = checkConfig(schema, { ...defaults(new Set(given.keys())), ...Object.fromEntries(given) }) as C;
      refuseUnused(unused(config), given);
      for (const name of given.keys()) refuseRepeated(name, config[name as keyof C]);
      check(config);
      return config;
    },
    cellOf: (config, path) => (isUnused(unused(config), path) ? null : cellAt(config, path)),
    inputsOf: () => ({}),
  };
}

const pairOf = ({ path, value }: ChosenSetting): [string, SettingValue] => [path, value];

const isList = (part: z.ZodType): boolean =>
  part instanceof z.ZodArray || (part instanceof z.ZodOptional && part.unwrap() instanceof z.ZodArray);

/** `1,10,1e3`, one number, or a list. */
function numbersOf(value: SettingValue): unknown {
  if (typeof value === 'number') return [value];
  return typeof value === 'string' ? value.split(',').map((part) => (part.trim() === '' ? NaN : Number(part))) : value;
}

/** Rows of one run are told apart by what a list has. */
function refuseRepeated(name: string, list: unknown): void {
  const values = Array.isArray(list) ? (list as readonly (number | string)[]) : [];
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice !== undefined) throw new UsageError(`${name} has ${twice} twice; give each value once`);
}

const isUnused = (rules: readonly UnusedRule[], name: string): boolean =>
  rules.some(({ when, options }) => when && options.includes(name));

function refuseUnused(rules: readonly UnusedRule[], given: ReadonlyMap<string, unknown>): void {
  for (const { when, options, why } of rules) {
    const names = when ? options.filter((name) => given.has(name)) : [];
    if (names.length > 0) throw new UsageError(`${why}: leave out ${names.join(', ')}, which would change nothing`);
  }
}
