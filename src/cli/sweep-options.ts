import { InvalidArgumentError, type Command } from 'commander';
import { UsageError } from '../errors.js';
import { isObject } from '../files/json-object.js';
import { sweptCommands } from '../studies/sweep/commands/index.js';
import { trainOptionSettings } from '../studies/sweep/commands/train-settings.js';
import type { SweepDescription } from '../studies/sweep/description.js';
import { readJsonFile } from './json-file.js';
import { withTrainOptions } from './train-options.js';

/** Options that say what is swept; those of `train` beside them make the base. */
export interface SweepFlags {
  readonly grid?: readonly GridEntry[];
  readonly seeds?: string;
  readonly command?: string;
  readonly config?: string;
}

type GridEntry = NonNullable<SweepDescription['grid']>[number];
type GridValue = number | string | boolean | null;

/** Adds the options that describe a sweep, and those of `train` for its base. */
export function withSweepOptions(command: Command): Command {
  return withTrainOptions(command)
    .option(
      '--grid <AXIS=VALUES>',
      "an axis with its values, a setting by the name of its option or its path: batch=16,64,256; repeated, the product. 'zip:lr=0.05,0.1;steps=200,100': axes that go together; 'list:model=softmax,lr=0.5;model=[mlp:20,20]': points one by one; brackets around a value with commas",
      (text: string, before: readonly GridEntry[] | undefined) => [...(before ?? []), gridEntry(text)],
    )
    .option('--seeds <SEEDS>', 'run each point with each seed: 1..5, or 1,2,7')
    .option(
      '--command <NAME>',
      `what each run does: ${sweptCommands.map(({ name }) => name).join(', ')} (default: train)`,
    );
}

/** `batch=16,64`, `zip:lr=0.05,0.1;steps=200,100` or `list:model=softmax,lr=0.5;model=mlp:20`. */
function gridEntry(text: string): GridEntry {
  const [, kind = 'axis', rest] = /^(?:(zip|list):)?(.*)$/s.exec(text) as unknown as [
    string,
    string | undefined,
    string,
  ];
  if (kind === 'list') {
    return { list: outside(rest, ';').map((point) => Object.fromEntries(outside(point, ',').map(settingOf))) };
  }
  const axes = outside(rest, ';').map(axisOf);
  if (new Set(axes.map(([name]) => name)).size < axes.length) throw wrong('an axis occurs twice');
  if (kind === 'zip') return { zip: Object.fromEntries(axes) };
  if (axes.length === 1) return Object.fromEntries(axes);
  throw wrong("axes with ';' between them go together, as zip:AXIS=…;AXIS=…");
}

function axisOf(text: string): [string, GridValue[]] {
  const [name, values] = named(text);
  return [name, outside(values, ',').map(valueOf)];
}

function settingOf(text: string): [string, GridValue] {
  const [name, value] = named(text);
  return [name, valueOf(value)];
}

function named(text: string): [string, string] {
  const [, name, values] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
  if (name === undefined || values!.trim() === '') throw wrong(`'${text}' is no AXIS=VALUES`);
  return [name, values!];
}

/** A numeral is a number, `true`, `false` and `null` are themselves, anything else is a text; without the brackets around it. */
function valueOf(text: string): GridValue {
  const trimmed = text.trim();
  if (trimmed === '') throw wrong('a value is missing');
  if (/^\[.*\]$/s.test(trimmed)) return trimmed.slice(1, -1);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return finite(trimmed);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  return trimmed === 'null' ? null : trimmed;
}

function finite(numeral: string): number {
  if (Number.isFinite(Number(numeral))) return Number(numeral);
  throw wrong(`${numeral} is beyond the largest number, 1.8e308`);
}

/** Parts of a text between separators that are not in brackets. */
function outside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '[') depth++;
    if (letter === ']') depth--;
    if (depth < 0) break;
    if (letter === separator && depth === 0) parts.push('');
    else parts.push(`${parts.pop()!}${letter}`);
  }
  if (depth !== 0) throw wrong('brackets are not closed');
  return parts;
}

const wrong = (problem: string): InvalidArgumentError =>
  new InvalidArgumentError(
    `${problem}; it looks like batch=16,64,256, zip:lr=0.05,0.1;steps=200,100, or model=softmax,[mlp:20,20].`,
  );

/** Options that are of the sweep as a whole, and no setting of a run. */
const ofSweep = new Set(['grid', 'seeds', 'command', 'config']);

/**
 * The description that a file and options mean: options of `train` come on top of its base, --grid behind its grid, --seeds and --command instead of its own. Throws UsageError for
 * options of `train` with another command, DataError for a file that cannot be read.
 */
export function descriptionOf(file: string | undefined, command: Command): SweepDescription {
  const flags: SweepFlags = command.opts();
  const given = (file === undefined ? {} : objectIn(file, 'a description of a sweep')) as SweepDescription;
  const typed = command.options
    .map((option) => option.attributeName())
    .filter(
      (name) => command.getOptionValueSource(name) === 'cli' && !ofSweep.has(name) && trainOptionSettings.has(name),
    );
  const name = flags.command ?? given.command ?? 'train';
  if (name !== 'train' && (typed.length > 0 || flags.config !== undefined)) {
    const options = command.options.filter((option) => [...typed, 'config'].includes(option.attributeName()));
    const shown = options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
    throw new UsageError(
      `${shown.map(({ long }) => long).join(', ')} of train have no part in ${name}: give its settings as --grid NAME=VALUE, or in the base of a file`,
    );
  }
  const opts: Readonly<Record<string, unknown>> = command.opts();
  return {
    ...given,
    command: name,
    base: {
      ...(flags.config === undefined ? {} : (objectIn(flags.config, 'a file with a configuration') as object)),
      ...(given.base ?? {}),
      ...Object.fromEntries(typed.map((option) => [option, opts[option]])),
    } as NonNullable<SweepDescription['base']>,
    grid: [...(given.grid ?? []), ...(flags.grid ?? [])],
    ...(flags.seeds === undefined ? {} : { seeds: seedList(flags.seeds) }),
  };
}

function seedList(text: string): string | number[] {
  if (/^\d+\.\.\d+$/.test(text)) return text;
  const seeds = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  if (seeds.every(Number.isSafeInteger)) return seeds;
  throw new UsageError(
    `--seeds must be FIRST..LAST or a list of integers from 0 on, received '${text}'; for example 1..5 or 1,2,7`,
  );
}

function objectIn(path: string, wanted: string): Record<string, unknown> {
  const found = readJsonFile(path, wanted);
  if (isObject(found)) return { ...found };
  throw new UsageError(`${path} must hold one JSON object, received ${JSON.stringify(found).slice(0, 40)}`);
}
