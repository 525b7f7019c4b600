import { columnsOf, readingOf, type NamedColumn } from '../../../train/observables/columns.js';
import { askedObservables, observables, observablesOf } from '../../../train/observables/index.js';
import { knownTopFraction } from '../../../train/known-top-fraction.js';
import { trainingRevision } from '../../../train/revision.js';
import type { Cell, ResultColumn } from '../table.js';
import { exactColumns, hasCounterpart } from './exact-counterpart.js';
import type { TrainedRun } from './trained-run.js';
import type { TrainPoint } from './train-point.js';

/** Columns that count something. */
const integers = new Set(['step', 'hessianVectorProducts']);

const provenance: readonly ResultColumn[] = [
  { name: 'model', type: 'string', meaning: 'the network, as it was named' },
  { name: 'data', type: 'string', meaning: 'what the data set is called' },
  {
    name: 'dataChecksum',
    type: 'string',
    meaning: 'SHA-256 of the training files, several with a space between them; none where data were sampled',
  },
  { name: 'parameters', type: 'integer', meaning: 'parameters of the network that are trained' },
  { name: 'runtime', type: 'string', meaning: 'what ran the network; none on the plain backend' },
  { name: 'version', type: 'string', meaning: 'of this package' },
  {
    name: 'revision',
    type: 'integer',
    meaning: 'of training: runs of one revision and configuration have the same records',
  },
];

/** f_top(m) has a value beside its interval, which may be all of 0 … 1 where little is known. */
const estimate: ResultColumn = {
  name: 'topFraction.estimate',
  type: 'number',
  meaning:
    'what f_top(m) is by the eigenvectors that were found, within its bounds; the middle of these where there is no estimate',
};

/** The columns of one observable: an interval has two. */
function columnsOfReading({ id, meaning, ...column }: NamedColumn): ResultColumn[] {
  if ('of' in column) return [{ name: id, type: integers.has(id) ? 'integer' : 'number', meaning }];
  return (['lower', 'upper'] as const).map((end) => ({
    name: `${id}.${end}`,
    type: 'number',
    meaning: `${meaning}: ${end} end`,
  }));
}

/** The records with all that a table has of them, beside each the exact counterpart where there is one, and what was run. */
export function trainColumns(points: readonly TrainPoint[]): ResultColumn[] {
  const isAsked = points.some(({ config }) => config.noiseNull !== undefined);
  return [
    ...columnsOf(isAsked ? [...observables, ...askedObservables] : observables).flatMap(columnsOfReading),
    estimate,
    ...(points.some(hasCounterpart) ? exactColumns : []),
    ...provenance,
  ];
}

/** One row for each record. */
export function trainRows({ document, exact }: TrainedRun, { config }: TrainPoint): Record<string, Cell>[] {
  const { run, records } = document;
  const columns = columnsOf(observablesOf(config));
  const checksums = run.data.origin.checksums ?? [];
  const about = {
    model: config.model,
    data: run.data.name,
    dataChecksum: checksums.length === 0 ? null : checksums.join(' '),
    parameters: run.parameters,
    runtime: run.runtime,
    version: run.version,
    revision: trainingRevision,
  };
  return records.map((record, i) => {
    const read = columns.flatMap((column): [string, Cell][] => {
      const reading = readingOf(column, record, run);
      if ('of' in column) return [[column.id, reading as number | null]];
      const { lower, upper } = (reading ?? { lower: null, upper: null }) as Readonly<Record<'lower' | 'upper', Cell>>;
      return [
        [`${column.id}.lower`, lower],
        [`${column.id}.upper`, upper],
      ];
    });
    return { ...Object.fromEntries(read), [estimate.name]: knownTopFraction(record).middle, ...exact?.[i], ...about };
  });
}
