import { TinySubspaceError, UsageError } from '../../errors.js';
import { jobOf, type Job } from '../../jobs/job.js';
import { axisGroups, seedsOf } from './axes.js';
import { sweptAxes, type Axes } from './axis-settings.js';
import type { ChosenSetting, SettingValue, SweptCommand } from './command.js';
import { commandNamed, sweptCommands } from './commands/index.js';
import { checkedDescription, type CheckedDescription, type SweepDescription } from './description.js';
import type { PlannedRun, SweepPlan } from './sweep-plan.js';
import { refuseTakenNames } from './taken-names.js';
import type { Cell } from './table.js';
import { withVariables } from './variables.js';

export type { PlannedRun, SweepPlan } from './sweep-plan.js';

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
  const axes = sweptAxes(command, groups, checked);
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
  const known = new Map<string, Job>();
  const called = new Map<string, string>();
  for (let index = 0; index < points; index++) {
    const values = groups.flatMap((group, g) => {
      const faster = groups.slice(g + 1).reduce((product, { points: inner }) => product * inner.length, 1);
      return group.points[Math.floor(index / faster) % group.points.length]!;
    });
    for (const seed of seeds ?? [undefined]) {
      const run = await runAt(command, axes, { base: checked.base, values, seed });
      const before = known.get(run.job.key);
      if (before === undefined) known.set(run.job.key, run.job);
      else if (JSON.stringify(before.arguments) !== JSON.stringify(run.job.arguments)) {
        throw new Error(`two runs have the key ${run.job.key}`);
      }
      const name = nameOf(run.point);
      const namesake = called.get(name);
      if (namesake === run.job.key) continue;
      if (namesake !== undefined) throw alike(run.point);
      called.set(name, run.job.key);
      runs.push(before === undefined ? run : { ...run, job: before });
    }
  }
  const plan = { description: checked, command, axes: axes.names, runs };
  refuseTakenNames(plan);
  return plan;
}

/** What tables have of a point: in a column of values of several kinds `3` and `"3"` are the same. */
const nameOf = (point: PlannedRun['point']): string =>
  JSON.stringify(Object.values(point).map((cell) => (cell === null ? null : String(cell))));

function alike(point: PlannedRun['point']): UsageError {
  const shown = Object.entries(point).map(([name, cell]) => `${name} = ${String(cell)}`);
  return new UsageError(
    `two different runs would both be called ${shown.join(', ')} in the tables; write their values so that these differ, for example as numbers or as texts throughout`,
  );
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
  { names, paths, settings }: Axes,
  { values, seed, config }: { readonly values: Values; readonly seed: number | undefined; readonly config: ConfigOf },
): Record<string, Cell> {
  const point = Object.fromEntries(
    names.map((name, i) => {
      const value = values[i];
      const isAll = value === 'all' && settings.some(({ index }) => index === i); // none, where the setting has it so
      return [name, value === undefined || isAll ? command.cellOf(config, paths[i]!) : cellOf(value)];
    }),
  );
  const own = seed ?? (command.settings.has('seed') ? command.cellOf(config, 'seed') : null);
  return own === null ? point : { ...point, seed: own };
}

/** A value as an entry of a table: a list is its text. */
const cellOf = (value: SettingValue): Cell => (typeof value === 'object' && value !== null ? value.join(',') : value);

/** The same error, saying at which point. */
function located(error: unknown, names: readonly string[], values: Values, seed: number | undefined): unknown {
  if (!(error instanceof TinySubspaceError)) return error;
  const shown = names.flatMap((name, i) => (values[i] === undefined ? [] : `${name} = ${String(values[i])}`));
  if (seed !== undefined) shown.push(`seed = ${seed}`);
  const Same = error.constructor as new (message: string, options: ErrorOptions) => TinySubspaceError;
  return new Same(`the run with ${shown.join(', ')}: ${error.message}`, { cause: error });
}
