import { TinySubspaceError, UsageError } from '../../errors.js';
import { jobOf, type Job } from '../../jobs/job.js';
import { axisGroups, seedsOf } from './axes.js';
import { axesOf, type Axes } from './axis-settings.js';
import type { ChosenSetting, SettingValue, SweptCommand } from './command.js';
import { commandNamed, sweptCommands } from './commands/index.js';
import { checkedDescription, type CheckedDescription, type SweepDescription } from './description.js';
import type { Cell } from './table.js';
import { withVariables } from './variables.js';

/** One run of a sweep. */
export interface PlannedRun {
  /** Runs of one configuration share it. */
  readonly job: Job;
  /** Axis → value, in the order of the axes, the seed last where the command has one. */
  readonly point: Readonly<Record<string, Cell>>;
  readonly config: unknown;
}

/** A description, worked out. */
export interface SweepPlan {
  readonly description: CheckedDescription;
  readonly command: SweptCommand;
  /** In the order of the grid, those of one value too; the seed is none of them. */
  readonly axes: readonly string[];
  /** In the order of the grid: the last axis runs faster than those before it, the seed fastest. */
  readonly runs: readonly PlannedRun[];
}

type Values = readonly (SettingValue | undefined)[];
type ConfigOf = Parameters<SweptCommand['titleOf']>[0];

/** A sweep of more runs than this is a slip. */
const mostRuns = 1_000_000;

/**
 * The runs that a description means: every configuration is checked, and what it reads is there. A run has the key of what determines its result: the configuration, the checksums
 * of what it reads, the versions of package and training.
 *
 * Throws UsageError for a description that is not legal: an axis that is no setting of the command, and no variable of a text, one that has no values or the same twice, or is the same setting as
 * another; axes of a zip of unequal lengths; seeds that occur twice; values that the command refuses or that would change nothing of a run, which it names; more than 10⁶ runs. DataError for
 * files that cannot be read. Cost: some 50 µs a run, and each file read once.
 */
export async function planSweep(
  description: SweepDescription,
  commands: readonly SweptCommand[] = sweptCommands,
): Promise<SweepPlan> {
  const checked = checkedDescription(description);
  const command = commandNamed(checked.command, commands);
  const groups = axisGroups(checked.grid);
  const axes = axesOf(command, groups, checked);
  const seeds = seedsOf(checked.seeds, mostRuns);
  refuseSeeds(command, checked);
  if (groups.length === 0 && seeds === undefined) {
    throw new UsageError(
      `a sweep has at least one axis, or seeds, received neither; give for example --grid ${[...command.settings.keys()][0]!}=VALUE,…, or call ${command.name} for a single run`,
    );
  }
  const points = groups.reduce((count, group) => count * group.points.length, 1);
  const count = points * (seeds?.length ?? 1);
  if (count > mostRuns) {
    throw new UsageError(
      `a sweep has at most ${mostRuns} runs, received ${count}; give fewer values, or several sweeps`,
    );
  }
  const runs: PlannedRun[] = [];
  const known = new Map<string, { readonly job: Job; readonly points: Set<string> }>();
  for (let index = 0; index < points; index++) {
    const values = groups.flatMap((group, g) => {
      const faster = groups.slice(g + 1).reduce((product, { points: inner }) => product * inner.length, 1);
      return group.points[Math.floor(index / faster) % group.points.length]!;
    });
    for (const seed of seeds ?? [undefined]) {
      const run = await runAt(command, axes, { base: checked.base, values, seed });
      const before = known.get(run.job.key);
      const point = JSON.stringify(run.point);
      if (before === undefined) known.set(run.job.key, { job: run.job, points: new Set([point]) });
      else if (JSON.stringify(before.job.arguments) !== JSON.stringify(run.job.arguments)) {
        throw new Error(`two runs have the key ${run.job.key}`);
      } else if (before.points.has(point)) continue;
      else before.points.add(point);
      runs.push(before === undefined ? run : { ...run, job: before.job });
    }
  }
  return { description: checked, command, axes: axes.names, runs };
}

function refuseSeeds(command: SweptCommand, { base, seeds }: CheckedDescription): void {
  if (seeds === undefined) return;
  if (!command.settings.has('seed')) {
    throw new UsageError(`${command.name} draws nothing, and has no seed: leave out seeds`);
  }
  if ('seed' in base) throw new UsageError('seed of the base and seeds both say which: leave out one');
}

async function runAt(
  command: SweptCommand,
  axes: Axes,
  at: {
    readonly base: CheckedDescription['base'];
    readonly values: Values;
    readonly seed: number | undefined;
  },
): Promise<PlannedRun> {
  const { base, values, seed } = at;
  const variables = axes.variablesAt(values, seed);
  const chosen: ChosenSetting[] = axes.settings.flatMap(({ index, ...setting }) => {
    const value = values[index];
    return value === undefined ? [] : [{ ...setting, value: withVariables(value, variables) }];
  });
  if (seed !== undefined) chosen.push({ name: 'seed', ...command.settings.get('seed')!, value: seed });
  try {
    const config = command.configOf(withVariables(base, variables), chosen);
    const inputs = command.inputsOf(config);
    const job = jobOf(
      command.work,
      { config, inputs },
      {
        name: command.titleOf(config),
        ...(await command.estimate(config)),
      },
    );
    return { job, config, point: pointOf(command, axes, { values, seed, config }) };
  } catch (error) {
    throw located(error, axes.names, values, seed);
  }
}

function pointOf(
  command: SweptCommand,
  { names, paths }: Axes,
  { values, seed, config }: { readonly values: Values; readonly seed: number | undefined; readonly config: ConfigOf },
): Record<string, Cell> {
  const point = Object.fromEntries(
    names.map((name, i) => [name, values[i] === undefined ? command.cellOf(config, paths[i]!) : cellOf(values[i])]),
  );
  const own = seed ?? (command.settings.has('seed') ? command.cellOf(config, 'seed') : null);
  return own === null ? point : { ...point, seed: own };
}

/** A value as an entry of a table: a list is its text, `all` is as good as none. */
export function cellOf(value: SettingValue): Cell {
  if (value === 'all') return null;
  return typeof value === 'object' && value !== null ? value.join(',') : value;
}

/** The same error, saying at which point. */
function located(error: unknown, names: readonly string[], values: Values, seed: number | undefined): unknown {
  if (!(error instanceof TinySubspaceError)) return error;
  const shown = names.flatMap((name, i) => (values[i] === undefined ? [] : `${name} = ${String(values[i])}`));
  if (seed !== undefined) shown.push(`seed = ${seed}`);
  const Same = error.constructor as new (message: string, options: ErrorOptions) => TinySubspaceError;
  return new Same(`the run with ${shown.join(', ')}: ${error.message}`, { cause: error });
}
