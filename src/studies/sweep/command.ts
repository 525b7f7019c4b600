import type { Work } from '../../jobs/work.js';
import type { Cell, ResultColumn } from './table.js';

/** What an axis or the base says of one setting: a cell, or a list where the setting is one. */
export type SettingValue = Cell | readonly (number | string)[];

/** A setting of a command by the name of its option, and where it goes in the configuration. */
export interface CommandSetting {
  /** Keys of the configuration with dots between them: `schedule.rate`. */
  readonly path: string;
  /** What a value means there, of the configuration so far; the value itself if left out. Throws UsageError. */
  readonly read?: (value: SettingValue, config: object) => unknown;
}

/** A setting that was chosen, and who chose it, for messages: `lr = 0.5`. */
export interface ChosenSetting extends CommandSetting {
  readonly name: string;
  readonly value: SettingValue;
}

/** What a run reads besides its arguments, by what it is to it (`data`, `model`, `initFrom`): the SHA-256 of each file. */
export type Inputs = Readonly<Record<string, readonly string[]>>;

/** What a run of a sweep is called with: all that its result depends on. */
export interface SweptArguments<C> {
  readonly config: C;
  /** As they were when the run was planned. It throws DataError where it finds others. */
  readonly inputs: Inputs;
}

/** Processor seconds that a run should take, and bytes that it should need at most. */
export interface RunEstimate {
  readonly seconds: number;
  readonly memory: number;
}

/** A command of which a sweep makes many runs: from a configuration C a result R, plain JSON both. */
export interface CommandDefinition<C, R> {
  /** As `command` of a description names it. */
  readonly name: string;
  /** The settings by the names of their options, and by their paths. */
  readonly settings: ReadonlyMap<string, CommandSetting>;
  /** JSON Schema of `base`. */
  readonly baseSchema: () => object;
  /** The configuration: the defaults, what `base` says, and the settings on top, a part before what is in it. Throws UsageError, DataError. */
  readonly configOf: (base: Readonly<Record<string, unknown>>, settings: readonly ChosenSetting[]) => C;
  /** What the value of a setting is in a configuration, as a cell. */
  readonly cellOf: (config: C, path: string) => Cell;
  /** How the keys of its runs begin, for people. */
  readonly titleOf: (config: C) => string;
  /** Throws DataError where a file cannot be read. */
  readonly inputsOf: (config: C) => Inputs;
  /** What a run should take. */
  readonly estimate: (config: C) => Promise<RunEstimate>;
  readonly work: Work<SweptArguments<C>, R>;
  /** The columns of the rows of runs with these configurations. */
  readonly columns: (configs: readonly C[]) => readonly ResultColumn[];
  /** Columns that tell the rows of one run apart; none where a run has one row. */
  readonly by: readonly string[];
  /** Columns that a printed summary shows; an interval by its name. */
  readonly shown: readonly string[];
  /** The rows of a run: one for each record, state or point; what a column has no value of may be missing. */
  readonly rows: (result: R, config: C) => readonly Readonly<Record<string, Cell>>[];
}

declare const erased: unique symbol;

/** What only the command itself knows. */
interface Own {
  readonly [erased]: true;
}

/** A command of whatever configuration and result, as a list of them has it. */
export type SweptCommand = CommandDefinition<Own, Own>;

/** A command for a list of them: its configurations and results are its own affair. */
export const sweptCommand = <C, R>(definition: CommandDefinition<C, R>): SweptCommand =>
  definition as unknown as SweptCommand;
