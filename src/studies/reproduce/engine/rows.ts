import type { Job } from '../../../jobs/job.js';
import type { Claim, Entries, Experiment, Explains, Results, Scale } from './experiment.js';
import { judge, shownTarget, type RowVerdict } from './verdict.js';

/** An entry of results.json. */
export interface Row {
  readonly id: string;
  readonly experiment: string;
  /** The later work: `arXiv:2603.15678`; left out for the paper itself. */
  readonly reference?: string;
  readonly statement: string;
  /** The paper's number, or what it says with the bound it is judged by; null where it says nothing. */
  readonly paper: number | string | null;
  /** Mean over the seeds; null where it was not run. */
  readonly ours: number | null;
  readonly spread: number | null;
  /** One for each seed. */
  readonly values: readonly number[];
  readonly verdict: RowVerdict;
  /** Of `outside`: what moves the value. Of `not run` and `no value`: what is missing. */
  readonly reason: string | null;
  /** The row whose value this one varies. */
  readonly variationOf: string | null;
  /** What holding it within its bound, or not, means for a theory; left out where it is held against none. */
  readonly explains?: Explains;
  readonly beside: Entries;
  /** Wall time of its tasks, interruptions left out; tasks that rows share count in each. */
  readonly seconds: number | null;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its values are those that the page had: the runs behind them are not in this folder. Left out where they are. */
  readonly isEarlier?: true;
}

/** Why tasks are missing: by key, what failed. */
export type Failures = ReadonlyMap<string, { readonly message: string }>;

/** The row of a claim: measured; or as it was measured earlier, with the verdict of today's bound; or why it is not. `missingData`: what the experiment needs and is not there. */
export function rowOf(
  { id: experiment, work }: Experiment,
  claim: Claim,
  scale: Scale,
  state: {
    readonly results: Results;
    readonly isFinished: (task: Job) => boolean;
    readonly failures: Failures;
    readonly missingData: string | undefined;
    /** The rows that the page had, by id. */
    readonly earlier?: ReadonlyMap<string, Row>;
  },
): Row {
  const { id, statement, target, explains } = claim;
  const row = {
    id,
    experiment,
    ...(work && { reference: `arXiv:${work.arxiv}` }),
    statement,
    paper: shownTarget(target),
    ours: null,
    spread: null,
    values: [],
    verdict: 'not yet run',
    reason: null,
    variationOf: claim.variationOf ?? null,
    ...(explains && { explains }),
    beside: {},
    seconds: null,
    settings: { scale },
  } as const;
  const kept = earlierRow(row, target, state.earlier?.get(id));
  if (state.missingData !== undefined) return kept ?? { ...row, verdict: 'not run', reason: state.missingData };
  const tasks = claim.tasks(scale);
  const failed = tasks.map(({ key }) => state.failures.get(key)).find((failure) => failure !== undefined);
  if (failed !== undefined) return { ...row, verdict: 'not run', reason: `failed: ${failed.message}` };
  if (!tasks.every(state.isFinished)) return kept ?? row;
  const { values, beside = {}, reason = null, settings } = claim.measure(state.results, scale);
  if (values.length === 0) return { ...row, verdict: 'no value', reason, beside };
  return {
    ...row,
    ...judge(target, values),
    values,
    reason,
    beside,
    seconds: [...new Set(tasks)].reduce((total, task) => total + state.results.of(task).seconds, 0),
    settings: { ...settings, scale },
  };
}

/** A row as it was measured earlier at the same scale; undefined where it was not. */
function earlierRow(row: Row, target: Claim['target'], earlier: Row | undefined): Row | undefined {
  if (earlier === undefined || earlier.values.length === 0 || earlier.settings.scale !== row.settings.scale)
    return undefined;
  const { values, reason, beside, seconds, settings } = earlier;
  return { ...row, ...judge(target, values), values, reason, beside, seconds, settings, isEarlier: true };
}
