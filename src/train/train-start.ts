import { checkpointSha256 } from '../files/sharded-safetensors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { atStart } from './descent.js';
import type { Observable } from './observables/observable.js';
import { noPairs } from './top-pairs.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainRun } from './train-document.js';
import type { TrainProblem } from './train-problem.js';
import { readWeights } from './weights-file.js';
import type { GivenMap, NameMap } from './weights-map.js';

/** How a run begins. */
export interface TrainStart {
  readonly run: TrainRun;
  readonly state: TrainState;
  /** The first θ with all parameters; those on inputs that are always zero stay as they are here. */
  readonly frozen: FloatArray;
}

/** With weights as they were drawn, or from a safetensors file. Throws DataError for a file that cannot be read or does not fit. */
export function trainStart(
  { run, initial, reduce, shape, trainer }: TrainProblem,
  {
    initFrom,
    initMap,
    observables: own = [],
  }: { readonly initFrom?: string; readonly initMap?: GivenMap; readonly observables?: readonly Observable[] },
): TrainStart {
  const { optimizer, precision } = run.config;
  const loaded = initFrom === undefined ? undefined : readWeights(initFrom, shape, precision, initMap);
  const frozen = loaded?.parameters ?? initial;
  const weights = reduce(frozen);
  const statistics = loaded?.statistics ?? trainer.initialStatistics;
  return {
    frozen,
    run: {
      ...run,
      initialWeights: initFrom === undefined ? null : checkpointSha256(initFrom),
      initialNames: loaded === undefined ? null : renamed(loaded.names),
      ...(own.length === 0 ? {} : { observables: own.map(({ id }) => id) }),
    },
    state: {
      ...atStart(weights, { optimizer, statistics }),
      pairs: noPairs(weights.length),
      updates: [],
      records: [],
      window: [],
    },
  };
}

/** The tensor of each parameter, for the record; null where all names are ours. */
function renamed(names: NameMap): Readonly<Record<string, string>> | null {
  return Array.from(names).every(([ours, theirs]) => ours === theirs) ? null : Object.fromEntries(names);
}
